package dev.coppice.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls between the worker's rooms; run by the nd4j backend's module too, whose classes are one more room. */
@AnalyzeClasses(packages = "dev.coppice.worker", importOptions = ArchitectureTest.MainClasses.class)
class ArchitectureTest {

    /** All but the tests, whatever the folder that classes are compiled to is called. */
    static final class MainClasses implements ImportOption {

        private static final String TESTS = ArchitectureTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();

        @Override
        public boolean includes(Location location) {
            return !location.contains(TESTS);
        }
    }

    private static final String COMPUTE = "dev.coppice.worker.compute..";
    private static final String ND4J = "dev.coppice.worker.compute.nd4j..";
    private static final String WEIGHTS = "dev.coppice.worker.weights..";
    private static final String MODEL = "dev.coppice.worker.model..";
    private static final String PRUNE = "dev.coppice.worker.prune..";
    private static final String TASK = "dev.coppice.worker.task..";
    private static final String JOB = "dev.coppice.worker.job..";
    private static final String SPARK = "dev.coppice.worker.spark..";
    private static final String INPUT = "dev.coppice.worker.input..";
    private static final String TOKENIZER = "dev.coppice.worker.tokenizer..";

    @ArchTest
    static final ArchRule computeKnowsNoModel = wall(COMPUTE, WEIGHTS, MODEL, INPUT, PRUNE, TASK, JOB, SPARK);

    @ArchTest
    static final ArchRule weightsKnowNoModel = wall(WEIGHTS, MODEL, INPUT, PRUNE, TASK, JOB, SPARK);

    @ArchTest
    static final ArchRule modelsKnowNoPruningAndNoTask = wall(MODEL, PRUNE, TASK, JOB, SPARK);

    @ArchTest
    static final ArchRule pruningKnowsNoTask = wall(PRUNE, TASK, JOB, SPARK);

    @ArchTest
    static final ArchRule tasksKnowNoModel = wall(TASK, MODEL, COMPUTE, WEIGHTS, PRUNE, JOB, SPARK);

    @ArchTest
    static final ArchRule tokenizersKnowNoModelAndNoTask =
            wall(TOKENIZER, COMPUTE, WEIGHTS, MODEL, INPUT, PRUNE, TASK, JOB, SPARK);

    @ArchTest
    static final ArchRule modelsKnowNoTokenizer = wall(MODEL, TOKENIZER);

    @ArchTest
    static final ArchRule jobsKnowNoSpark = wall(JOB, SPARK);

    @ArchTest
    static final ArchRule inputsDependOnNothing = noClasses()
            .that()
            .resideInAPackage(INPUT)
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages(INPUT, "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule onlyTheSparkPackageKnowsSpark = noClasses()
            .that()
            .resideOutsideOfPackage(SPARK)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.spark..");

    @ArchTest
    static final ArchRule onlyTheNd4jBackendKnowsNd4j = noClasses()
            .that()
            .resideOutsideOfPackage(ND4J)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.nd4j..");

    @ArchTest
    static final ArchRule onlyBackendsKnowNativeLibraries = noClasses()
            .that()
            .resideOutsideOfPackage("dev.coppice.worker.compute.(*)..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule onlyTheReportOfKernelsPrints =
            noClasses().that().doNotHaveSimpleName("KernelReport").should(ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule onlyTheExecutorSideEndsTheProcess = noClasses()
            .that()
            .doNotHaveSimpleName("ExecutorSide")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class);

    @ArchTest
    static final ArchRule theWorkerDoesNotKnowTheDriver =
            noClasses().should().dependOnClassesThat().resideInAPackage("dev.coppice.driver..");

    /** A room's own inner packages may know each other: a registry knows what it lists, which knows its interface. */
    @ArchTest
    static final ArchRule roomsFormNoCycles =
            slices().matching("dev.coppice.worker.(*)..").should().beFreeOfCycles();

    private static ArchRule wall(String room, String... beyond) {
        return noClasses()
                .that()
                .resideInAPackage(room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(beyond);
    }
}
