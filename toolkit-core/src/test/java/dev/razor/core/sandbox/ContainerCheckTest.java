package dev.razor.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerCheckTest {

    private static final List<String> STATUS = List.of("Name:\tjava", "CapEff:\t0000000000000000");
    private static final List<String> MOUNTS =
            List.of("1 0 0:1 / / ro,relatime - overlay overlay rw,lowerdir=/a", "2 1 0:2 / /out rw - ext4 /dev/sda rw");

    @Test
    void aTightContainer_hasNoProblems() {
        assertThat(ContainerCheck.problems(1000, STATUS, MOUNTS, List.of())).isEmpty();
    }

    @Test
    void eachLack_isOneLineWithItsRemedy() {
        List<String> problems = ContainerCheck.problems(
                0,
                List.of("CapEff:\t00000000a80425fb"),
                List.of("1 0 0:1 / / rw,relatime - overlay overlay ro"),
                List.of("eth0"));

        String start = "sandbox: the execution container (RAZOR_EXEC_CONTAINER=1) must ";
        assertThat(problems)
                .containsExactly(
                        start + "not run as root, got user 0; start it with --user 1000:1000",
                        start + "hold no capability, got 00000000a80425fb; start it with --cap-drop ALL",
                        start + "have no network, got eth0; start it with --network none",
                        start + "have a read-only root, got rw,relatime; start it with --read-only");
    }

    @Test
    void theLastMountAtTheRoot_counts() {
        assertThat(ContainerCheck.problems(
                        1000, STATUS, List.of("1 0 0:1 / / ro - a b c", "2 1 0:2 / / rw - a b c"), List.of()))
                .hasSize(1);
    }

    @Test
    void whatCannotBeRead_isNoPermission() {
        assertThat(ContainerCheck.problems(1000, List.of(), List.of(), List.of()))
                .hasSize(2);
    }
}
