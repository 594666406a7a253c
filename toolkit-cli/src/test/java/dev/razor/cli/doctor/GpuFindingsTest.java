package dev.razor.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.cli.doctor.Finding.Status;
import dev.razor.cli.doctor.LibtorchProbe.Answer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GpuFindingsTest {

    private static final String H100 = "0, NVIDIA H100 80GB HBM3, 570.86.15, 9.0, 81559, 81008";
    private static final Answer CUDA = new Answer("2.7.1", "/opt/libtorch/lib", true, 1, "");
    private static final Answer NO_CUDA = new Answer("2.7.1", "/cache", false, 0, "");

    private static List<Finding> of(String driver, Answer libtorch, boolean needed) {
        return GpuFindings.of(NvidiaSmi.parse(driver), libtorch, needed, false);
    }

    @Test
    void aGpuThatWorks_isOkInEveryLine() {
        List<Finding> findings = of(H100, CUDA, true);

        assertThat(findings).extracting(Finding::status).containsOnly(Status.OK);
        assertThat(findings.get(1).found())
                .isEqualTo("NVIDIA H100 80GB HBM3, compute capability 9.0, 79.1 GiB free of 79.6 GiB");
        assertThat(findings.getLast().found()).isEqualTo("libtorch computes on 1 of 1 GPUs");
    }

    @Test
    void noDriver_isAWarning_andAFailureWhereAGpuWasAskedFor() {
        assertThat(GpuFindings.of(Optional.empty(), CUDA, false, false))
                .extracting(Finding::status)
                .containsExactly(Status.WARNING);
        assertThat(GpuFindings.of(Optional.empty(), CUDA, true, false))
                .extracting(Finding::status)
                .containsExactly(Status.FAILED);
    }

    @Test
    void theDriver_isHeldAgainstLibtorchsCuda() {
        assertThat(of(H100.replace("570.86.15", "470.57.02"), CUDA, true).getFirst())
                .isEqualTo(
                        Finding.failed("driver", "470.57.02, too old for CUDA 12.8", "install driver 570.26 or later"));
        assertThat(of(H100.replace("570.86.15", "550.54"), CUDA, true)
                        .getFirst()
                        .status())
                .isEqualTo(Status.WARNING);
        assertThat(of(H100.replace("570.86.15", "1000.1"), CUDA, true)
                        .getFirst()
                        .status())
                .isEqualTo(Status.OK);
    }

    @Test
    void anOldGpu_andOneThatIsTaken_areNamed() {
        assertThat(of("0, Tesla P100, 570.86, 6.0, 16384, 16000", CUDA, true)
                        .get(1)
                        .status())
                .isEqualTo(Status.FAILED);
        assertThat(of("0, Tesla T4, 570.86, 7.5, 15360, 15000", CUDA, true)
                        .get(1)
                        .remedy())
                .contains("dtype: float32");
        assertThat(of("0, NVIDIA A100, 570.86, 8.0, 81920, 1000", CUDA, true)
                        .get(1)
                        .remedy())
                .contains("another program");
    }

    @Test
    void libtorchThatDoesNotUseTheGpu_isToldWhy() {
        assertThat(of(H100, NO_CUDA, true).getLast().found()).contains("a build without CUDA");
        Answer blind = new Answer("2.7.1", "/opt/libtorch/lib", true, 0, "");
        assertThat(of(H100, blind, true).getLast().found()).isEqualTo("libtorch sees 0 of 1 GPUs");
        assertThat(of(H100, blind, true).getLast().remedy()).contains("CUDA_VISIBLE_DEVICES");
    }

    @Test
    void severalGpus_haveALineEach() {
        String two = H100 + "\n" + H100.replace("0, NV", "1, NV");

        assertThat(of(two, CUDA, false)).extracting(Finding::what).containsExactly("driver", "GPU 0", "GPU 1", "CUDA");
        assertThat(of(two, CUDA, false).getLast().found()).isEqualTo("libtorch sees 1 of 2 GPUs");
    }

    @Test
    void whatNvidiaSmiSaysInsteadOfGpus_isNoGpu() {
        assertThat(NvidiaSmi.parse("")).isEmpty();
        assertThat(NvidiaSmi.parse("No devices were found")).isEmpty();
        assertThat(NvidiaSmi.parse("0, NVIDIA GB10, 580.1, 12.1, [N/A], [N/A]")
                        .orElseThrow()
                        .gpus())
                .containsExactly(new NvidiaSmi.Gpu(0, "NVIDIA GB10", "12.1", 0, 0));
    }
}
