package dev.coppice.results;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.coppice.results", importOptions = ArchitectureTest.MainClasses.class)
class ArchitectureTest {

    /** All but the tests, whatever the folder that classes are compiled to is called. */
    static final class MainClasses implements ImportOption {

        private static final String FOLDER = JobSpec.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();

        @Override
        public boolean includes(Location location) {
            return location.contains(FOLDER);
        }
    }

    @ArchTest
    static final ArchRule resultsKnowNeitherSparkNorTheOtherModules = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "dev.coppice.worker..", "dev.coppice.driver..");

    @ArchTest
    static final ArchRule recordsDoNotKnowHowTheyAreStored = noClasses()
            .that()
            .resideInAPackage("dev.coppice.results")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.coppice.results.store..", "org.apache.parquet..", "org.apache.hadoop..", "com.jerolba..");

    @ArchTest
    static final ArchRule onlyOneClassLoadsHadoop = classes()
            .that()
            .resideInAPackage("dev.coppice.results.store")
            .and()
            .haveNameNotMatching(".*\\.HadoopStorage(\\$.*)?")
            .should()
            .onlyDependOnClassesThat()
            .resideOutsideOfPackages("org.apache.hadoop..");
}
