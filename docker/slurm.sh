#!/bin/bash
#SBATCH --job-name=razor
#SBATCH --gres=gpu:1
#SBATCH --cpus-per-task=8
#SBATCH --mem=64G
#SBATCH --time=24:00:00
#SBATCH --signal=B:TERM@120
#SBATCH --requeue
# A study as a Slurm job:  sbatch slurm.sh studies/science/study.yaml
# A job that reaches its time limit is put into the queue again, and goes on where it was.
set -euo pipefail
study=${1:?a study file, such as studies/science/study.yaml}
image=${RAZOR_IMAGE:-razor.sif}
mkdir -p cache data runs temporary

requeue() {
  kill -TERM "$razor"
  wait "$razor" || true
  scontrol requeue "$SLURM_JOB_ID"
}
trap requeue TERM

export APPTAINERENV_OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-8}
for name in HF_TOKEN HF_ENDPOINT OPENAI_API_KEY DEEPSEEK_API_KEY; do
  [ -z "${!name:-}" ] || export "APPTAINERENV_$name=${!name}"
done
# --workdir: where /tmp lies, for which --containall would have 64 MB of memory
apptainer run --nv --containall --no-home --workdir "$PWD/temporary" --pwd /opt/razor \
  --bind "$PWD/cache:/cache,$PWD/data:/opt/razor/data,$PWD/runs:/opt/razor/runs" "$image" run "$study" &
razor=$!
wait "$razor"
