package dev.razor.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class LibtorchCheckTest {

    @Test
    void load_saysWhichLibraryItIs() {
        LibtorchCheck check = LibtorchCheck.load();

        assertThat(check.version()).isEqualTo(Libtorch.VERSION);
        assertThat(Path.of(check.folder(), System.mapLibraryName("torch_cpu"))).exists();
    }

    @Test
    void compute_onTheProcessor_isRight() {
        LibtorchCheck.compute("cpu"); // 1 * 3 + 2 * 4 = 11
    }

    @Test
    void compute_onADeviceThatIsNotThere_saysSo() {
        assertThatThrownBy(() -> LibtorchCheck.compute("cuda:99"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cuda:99");
    }

    @Test
    void aLibraryOfAnotherRelease_isTheUsersMistake_whereverItIsNoticed() {
        var mistake = new ConfigException("libtorch: version 2.5.1 was loaded; unset PYTORCH_VERSION");

        assertThat(Operator.unexpected(new ExceptionInInitializerError(mistake)))
                .isSameAs(mistake);
    }
}
