package dev.counterfoil.jdbc;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house: three floors that see each other downwards only, and what each of them may see outside. */
class ArchitectureTest {
    private static final String RETRY = "dev.counterfoil.retry..";
    private static final String WORDS = "dev.counterfoil";
    private static final String PORT = "dev.counterfoil.spi..";
    private static final String MEMORY = "dev.counterfoil.memory..";
    private static final String CORE_INTERNAL = "dev.counterfoil.internal..";
    private static final String JDBC = "dev.counterfoil.jdbc..";
    private static final String[] CORE = {WORDS, PORT, MEMORY, CORE_INTERNAL};

    /** All but the ground floor, whose factor and jitter are no money. */
    private static final DescribedPredicate<JavaClass> LEDGERS =
            resideInAPackage("dev.counterfoil..").and(not(resideInAPackage(RETRY)));

    private static final DescribedPredicate<JavaClass> FLOATING = nameMatching(
                    "(\\[+[DF]|(\\[+L)?java\\.lang\\.(Double|Float);?|double|float)")
            .forSubtype();

    /** Made once for all tests: nobody changes it. */
    private static final JavaClasses FLOORS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(ArchitectureTest::isOfAFloor)
            .importPackages("dev.counterfoil");

    private static boolean isOfAFloor(Location location) {
        return !location.contains("testkit");
    }

    @Test
    void everyFloorIsLookedAt() {
        for (String floor : List.of(RETRY, WORDS, PORT, MEMORY, CORE_INTERNAL, JDBC)) {
            assertThat(FLOORS.that(resideInAPackage(floor))).as(floor).isNotEmpty();
        }
    }

    @Test
    void retryKnowsNothingOfLedgers() {
        noClasses()
                .that()
                .resideInAPackage(RETRY)
                .should()
                .dependOnClassesThat(resideInAPackage("dev.counterfoil..").and(not(resideInAPackage(RETRY))))
                .check(FLOORS);
    }

    @Test
    void coreKnowsNothingOfDatabases() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat(resideInAnyPackage(JDBC, "java.sql..", "javax.sql.."))
                .check(FLOORS);
    }

    @Test
    void neitherWordsNorPortKnowAStore() {
        noClasses()
                .that()
                .resideInAnyPackage(WORDS, PORT, CORE_INTERNAL)
                .should()
                .dependOnClassesThat(resideInAnyPackage(MEMORY, JDBC))
                .check(FLOORS);
    }

    @Test
    void theWordsDoNotKnowThePort() {
        noClasses()
                .that()
                .resideInAPackage(WORDS)
                .should()
                .dependOnClassesThat(resideInAPackage(PORT))
                .check(FLOORS);
    }

    @Test
    void floorsHaveNoCycles() {
        slices().assignedFrom(new Floors()).should().beFreeOfCycles().check(FLOORS);
    }

    @Test
    void floorsSeeTheJdkAndTwoLibraries() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "java..",
                                "javax.crypto..",
                                "javax.sql..",
                                "org.slf4j..",
                                "org.jspecify..",
                                "dev.counterfoil..")
                        .or(describe("are primitive", ArchitectureTest::isPrimitive)))
                .check(FLOORS);
    }

    @Test
    void ledgersKeepNoFloatingPoint() {
        fields().that()
                .areDeclaredInClassesThat(LEDGERS)
                .should()
                .notHaveRawType(FLOATING)
                .check(FLOORS);
    }

    @Test
    void ledgersNeitherTakeNorGiveNorCallFloatingPoint() {
        codeUnits()
                .that()
                .areDeclaredInClassesThat(LEDGERS)
                .should(new MeetNone(FLOATING))
                .check(FLOORS);
    }

    /** As text, because these modules are built after this one. */
    @Test
    void internalsStayInside() throws IOException {
        List<String> found = new ArrayList<>();
        for (String module :
                List.of("testkit", "integrations/micrometer", "examples", "admin", "stress-tests", "benchmarks")) {
            Path sources = Path.of("..", module, "src");
            if (Files.exists(sources)) {
                try (Stream<Path> files = Files.walk(sources)) {
                    for (Path file :
                            files.filter(f -> f.toString().endsWith(".java")).toList()) {
                        if (Files.readString(file).matches("(?s).*dev\\.counterfoil\\.(jdbc\\.)?internal\\b.*")) {
                            found.add(file.toString());
                        }
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    private static boolean isPrimitive(JavaClass type) {
        return type.getBaseComponentType().isPrimitive();
    }

    /** Which floor a class is on. */
    private static final class Floors implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            String name = type.getPackageName();
            if (!name.startsWith("dev.counterfoil")) {
                return SliceIdentifier.ignore();
            }
            if (name.startsWith("dev.counterfoil.retry")) {
                return SliceIdentifier.of("retry");
            }
            return SliceIdentifier.of(name.startsWith("dev.counterfoil.jdbc") ? "jdbc-adapter" : "core");
        }

        @Override
        public String getDescription() {
            return "floors";
        }
    }

    /** Neither takes or gives such a value, nor calls what does. */
    private static final class MeetNone extends ArchCondition<JavaCodeUnit> {
        private final DescribedPredicate<JavaClass> unwanted;

        MeetNone(DescribedPredicate<JavaClass> unwanted) {
            super("meet no double or float");
            this.unwanted = unwanted;
        }

        @Override
        public void check(JavaCodeUnit unit, ConditionEvents events) {
            if (meets(unit.getRawReturnType(), unit.getRawParameterTypes())) {
                events.add(SimpleConditionEvent.violated(unit, unit.getDescription()));
            }
            for (JavaAccess<?> call : unit.getAccessesFromSelf()) {
                if (call.getTarget() instanceof CodeUnitCallTarget target
                        && meets(target.getRawReturnType(), target.getRawParameterTypes())) {
                    events.add(SimpleConditionEvent.violated(unit, call.getDescription()));
                }
            }
        }

        private boolean meets(JavaClass given, List<JavaClass> taken) {
            return unwanted.test(given) || taken.stream().anyMatch(unwanted);
        }
    }
}
