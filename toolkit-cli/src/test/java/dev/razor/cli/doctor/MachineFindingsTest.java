package dev.razor.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.cli.doctor.Finding.Status;
import dev.razor.core.plan.DeviceMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineFindingsTest {

    private static final Path HOME = Path.of(System.getProperty("razor.home"));

    @TempDir
    private Path folder;

    @Test
    void threads_areHeldAgainstTheControlGroup() {
        assertThat(MachineFindings.threads(4, 4, null).status()).isEqualTo(Status.OK);
        assertThat(MachineFindings.threads(4, 64, null).remedy()).isEqualTo("set OMP_NUM_THREADS=4");
        assertThat(MachineFindings.threads(4, 64, "4").status()).isEqualTo(Status.OK);
        assertThat(MachineFindings.threads(4, 64, "16").remedy()).isEqualTo("set it to at most 4, or unset it");
        assertThat(MachineFindings.threads(4, 64, "four").status()).isEqualTo(Status.WARNING);
    }

    @Test
    void affinity_isCountedInRanges() {
        assertThat(CpuAffinity.count(List.of("Name: java", "Cpus_allowed_list:\t0-3,8,10-11")))
                .isEqualTo(7);
        assertThat(CpuAffinity.count(List.of("Cpus_allowed_list: 5"))).isEqualTo(1);
        assertThat(CpuAffinity.count(List.of("Name: java"))).isZero();
    }

    @Test
    void aTemporaryFolderThatNothingCanBeExecutedIn_isAWarning() {
        List<String> mounts = List.of("overlay / overlay ro,relatime 0 0", "tmpfs /tmp tmpfs rw,noexec,nosuid 0 0");

        assertThat(DiskFindings.temporary(Path.of("/tmp"), mounts).found()).isEqualTo("/tmp is mounted noexec");
        assertThat(DiskFindings.temporary(folder, List.of("overlay / overlay rw 0 0"))
                        .status())
                .isEqualTo(Status.OK);
    }

    @Test
    void folders_areLookedAtWhereTheyWouldBe() throws IOException {
        Path missing = folder.resolve("a").resolve("b");

        assertThat(DiskFindings.folder("runs", missing, 1, "give another folder")
                        .found())
                .startsWith(missing + ", ");
        assertThat(missing.getParent()).doesNotExist();
        assertThat(DiskFindings.folder("runs", missing, Long.MAX_VALUE, "give another folder")
                        .remedy())
                .endsWith(": give another folder on a larger disk");
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(DiskFindings.folder("runs", file, 1, "give another folder"))
                .isEqualTo(Finding.warning("runs", file + " is a file", "give another folder that can be written"));
        assertThat(DiskFindings.temporary(missing, List.of()))
                .isEqualTo(Finding.warning(
                        "temporary files",
                        missing + " is no folder that is there",
                        "set RAZOR_JAVA_OPTS=-Djava.io.tmpdir=DIR to a folder that can be written"));
    }

    @Test
    void aLockFileThatCannotBeRead_isOneLineWithItsOwnRemedy() {
        Path missing = folder.resolve("none.lock");

        assertThat(LockFinding.of(() -> Optional.of(missing), true, Status.FAILED))
                .hasValue(Finding.failed(
                        "models.lock",
                        "no study is looked at: %s: cannot be read: there is no such file".formatted(missing),
                        "point RAZOR_LOCK at a lock file that razor models list accepts, or unset it"));
        assertThat(LockFinding.of(Optional::empty, false, Status.FAILED)).isEmpty();
    }

    @Test
    void encodings_otherThanUtf8AreAWarning() {
        assertThat(JavaFindings.encoding(StandardCharsets.UTF_8, "UTF-8").status())
                .isEqualTo(Status.OK);
        assertThat(JavaFindings.encoding(StandardCharsets.UTF_8, "ANSI_X3.4-1968")
                        .remedy())
                .contains("LC_ALL=C.UTF-8");
    }

    @Test
    void aStudyThatFits_isOk_andOneThatDoesNotIsToldWhatWouldHelp() {
        Path study = HOME.resolve("examples/quickstart/study.yaml");
        ModelShapes shapes = new ModelShapes(folder, HOME.resolve("examples/shapes"));
        DeviceMemory large = new DeviceMemory("cuda:0", OptionalLong.of(80L << 30), "nvidia-smi");
        DeviceMemory small = new DeviceMemory("cuda:0", OptionalLong.of(100L << 20), "nvidia-smi");

        Finding fits = StudyFinding.of(study, large, Status.FAILED, shapes);
        assertThat(fits.status()).as(fits.toString()).isEqualTo(Status.OK);
        assertThat(fits.found()).startsWith("8 runs, sft ").endsWith("cuda:0 has 80.0 GiB free");
        Finding misfit = StudyFinding.of(study, small, Status.FAILED, shapes);
        assertThat(misfit.status()).isEqualTo(Status.FAILED);
        assertThat(misfit.remedy()).contains("per_device_train_batch_size");
    }

    /// Whatever a study of the installation is, its line says something about it: the teacher of one is not there yet,
    /// another kind has no language model.
    @Test
    void everyShippedStudy_isUnderstood() throws IOException {
        ModelShapes shapes = new ModelShapes(folder, HOME.resolve("examples/shapes"));
        DeviceMemory memory = new DeviceMemory("cuda:0", OptionalLong.of(288L << 30), "nvidia-smi");
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.walk(HOME.resolve("studies"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                Finding finding = StudyFinding.of(file, memory, Status.FAILED, shapes);
                assertThat(finding.status()).as(finding.toString()).isEqualTo(Status.OK);
                names.add(finding.what());
            }
        }
        assertThat(names)
                .doesNotHaveDuplicates()
                .contains("study hybrids", "study scaling/14b", "study paritymnist", "study paritymnist/quick");
    }

    @Test
    void theShapeOfAModelThatIsNotHere_isTheOneThatShips_orUnknown() throws IOException {
        ModelShapes shapes = new ModelShapes(folder, HOME.resolve("examples/shapes"));
        Path study = folder.resolve("study.yaml");

        assertThat(shapes.find(study, "qwen2.5-3b-instruct")).hasValue(HOME.resolve("examples/shapes/qwen2.5-3b"));
        assertThat(shapes.find(study, "qwen2.5-1.5b-instruct")).isEmpty();
        Path fetched = Files.createDirectories(folder.resolve("qwen2.5-1.5b-instruct"));
        Files.writeString(fetched.resolve("config.json"), "{}");
        assertThat(shapes.find(study, "qwen2.5-1.5b-instruct")).isEqualTo(Optional.of(fetched));
    }

    @Test
    void aStudyFileThatCannotBeRead_isAFindingToo() {
        ModelShapes shapes = new ModelShapes(folder, folder);
        DeviceMemory memory = new DeviceMemory("cpu", OptionalLong.of(1L << 40), "MemAvailable");

        Finding finding = StudyFinding.of(folder.resolve("none.yaml"), memory, Status.FAILED, shapes);

        assertThat(finding.status()).isEqualTo(Status.FAILED);
        assertThat(finding.found()).contains("none.yaml");
    }
}
