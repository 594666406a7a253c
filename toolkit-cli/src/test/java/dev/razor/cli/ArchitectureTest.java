package dev.razor.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;

@AnalyzeClasses(
        packages = "dev.razor",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.WithoutTestJars.class})
final class ArchitectureTest {

    /// Leaves out what other modules' tests share with ours.
    static final class WithoutTestJars implements ImportOption {

        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule MODULES_POINT_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("core")
            .definedBy("dev.razor.core..")
            .layer("sft")
            .definedBy("dev.razor.sft..")
            .layer("grpo")
            .definedBy("dev.razor.grpo..")
            .layer("eval")
            .definedBy("dev.razor.eval..")
            .layer("study")
            .definedBy("dev.razor.study..")
            .layer("cli")
            .definedBy("dev.razor.cli..")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("study")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("sft")
            .mayOnlyBeAccessedByLayers("study", "cli")
            .whereLayer("grpo")
            .mayOnlyBeAccessedByLayers("study", "cli")
            .whereLayer("eval")
            .mayOnlyBeAccessedByLayers("study", "cli");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("dev.razor.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ONLY_THE_CLI_EXITS_OR_PRINTS = noClasses()
            .that()
            .resideOutsideOfPackage("dev.razor.cli..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(System.class, "exit", int.class);

    @ArchTest
    static final ArchRule ONLY_THE_BRIDGE_CALLS_NATIVE_CODE = noClasses()
            .that()
            .resideOutsideOfPackage("dev.razor.core.tensor..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.foreign.Linker")
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl.pytorch..");

    @ArchTest
    static final ArchRule EVERY_PACKAGE_IS_NULL_MARKED = noClasses()
            .that()
            .haveSimpleName("package-info")
            .should()
            .notBeAnnotatedWith(NullMarked.class)
            .allowEmptyShould(true);
}
