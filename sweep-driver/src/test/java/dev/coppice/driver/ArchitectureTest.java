package dev.coppice.driver;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls of the driver. */
@AnalyzeClasses(packages = "dev.coppice.driver", importOptions = ArchitectureTest.MainClasses.class)
class ArchitectureTest {

    /** All but the tests, whatever the folder that classes are compiled to is called. */
    static final class MainClasses implements ImportOption {

        private static final String FOLDER =
                Main.class.getProtectionDomain().getCodeSource().getLocation().getPath();

        @Override
        public boolean includes(Location location) {
            return location.contains(FOLDER);
        }
    }

    @ArchTest
    static final ArchRule ONLY_THE_LAUNCHER_KNOWS_SPARK = noClasses()
            .that()
            .resideOutsideOfPackage("..driver.launch..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.spark..");

    @ArchTest
    static final ArchRule CONFIG_KNOWS_NOTHING_OF_WHAT_IS_DONE_WITH_IT = noClasses()
            .that()
            .resideInAPackage("..driver.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..driver.plan..", "..driver.launch..", "..driver.report..", "..driver.cli..");

    @ArchTest
    static final ArchRule PLANS_DO_NOT_RUN_OR_REPORT = noClasses()
            .that()
            .resideInAPackage("..driver.plan..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..driver.launch..", "..driver.report..", "..driver.cli..");

    @ArchTest
    static final ArchRule REPORTS_KNOW_ONLY_ROWS = noClasses()
            .that()
            .resideInAPackage("..driver.report..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..driver.launch..",
                    "..driver.plan..",
                    "..driver.config..",
                    "..driver.cli..",
                    "dev.coppice.worker..");

    @ArchTest
    static final ArchRule NOTHING_BUT_MAIN_USES_THE_COMMAND_LINE = noClasses()
            .that()
            .resideInAnyPackage("..driver.config..", "..driver.plan..", "..driver.launch..", "..driver.report..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..driver.cli..");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.coppice.driver.(*)..").should().beFreeOfCycles();
}
