package org.iommulab.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.iommulab.testing.Project;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Nothing imports upwards.
 *
 * <pre>
 *   app
 *   ui · cli
 *   bench · peer
 *   course
 *   lab
 *   evidence
 *   qemu
 *   linux
 *   vtd
 *   acpi
 *   bus
 *   bits · trace · memory
 *   words · progress
 * </pre>
 */
final class FloorsTest {

  private static final String ROOT = "org.iommulab.";

  /** From the ground up; packages of one floor do not know each other. */
  private static final List<List<String>> FLOORS =
      List.of(
          List.of("words", "progress"),
          List.of("bits", "trace", "memory"),
          List.of("bus"),
          List.of("acpi"),
          List.of("vtd"),
          List.of("linux"),
          List.of("qemu"),
          List.of("evidence"),
          List.of("lab"),
          List.of("course"),
          List.of("bench", "peer"),
          List.of("cli", "ui"),
          List.of("app"));

  private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Project.classes());

  /** The floors that are built. */
  private static List<String> floors() {
    return FLOORS.stream().flatMap(List::stream).filter(FloorsTest::hasCode).toList();
  }

  private static boolean hasCode(String floor) {
    try (Stream<Path> files = Files.walk(Project.file("src/main/java/org/iommulab/" + floor))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .anyMatch(name -> name.endsWith(".java") && !name.equals("package-info.java"));
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void classesOfEveryFloorAreLookedAt() {
    for (String name : floors()) {
      assertThat(CLASSES.that(resideInAPackage(within(name)))).as(name).isNotEmpty();
    }
  }

  @TestFactory
  Stream<DynamicTest> nothingImportsUpwards() {
    return floors().stream()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () ->
                        check(
                            noClasses()
                                .that()
                                .resideInAPackage(within(name))
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(forbiddenFor(name)))));
  }

  @Test
  void everyPackageHasItsFloor() {
    check(
        classes()
            .should()
            .resideInAnyPackage(
                FLOORS.stream()
                    .flatMap(List::stream)
                    .map(FloorsTest::within)
                    .toArray(String[]::new)));
  }

  @Test
  void kernelKnowsOfTheUnitOnlyItsBitLayouts() {
    check(
        noClasses()
            .that()
            .resideInAPackage(within("linux"))
            .should()
            .dependOnClassesThat(
                resideInAPackage(within("vtd"))
                    .and(
                        com.tngtech.archunit.base.DescribedPredicate.not(
                            resideInAPackage(within("vtd.layout"))))));
  }

  @Test
  void onlyTheWindowKnowsJavaFx() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(within("ui"), within("app"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javafx..", "org.controlsfx..", "atlantafx.."));
  }

  @Test
  void viewModelsKnowNoControl() {
    check(
        noClasses()
            .that()
            .resideInAPackage(within("ui"))
            .and()
            .haveSimpleNameEndingWith("Model")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("javafx.scene.."));
  }

  @Test
  void onlyTheLauncherTouchesTheInjector() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(within("app"))
            .should()
            .dependOnClassesThat()
            .haveNameMatching("com\\.google\\.inject\\.(Injector|Guice)"));
  }

  @Test
  void injectionIsThroughConstructorsOnly() {
    for (String inject : List.of("jakarta.inject.Inject", "com.google.inject.Inject")) {
      check(noFields().should().beAnnotatedWith(inject));
      check(noMethods().should().beAnnotatedWith(inject));
    }
  }

  @Test
  void everyPackageSaysWhatLivesThere() throws IOException {
    var silent = new ArrayList<Path>();
    try (Stream<Path> folders = Files.walk(Project.file("src/main/java/org"))) {
      for (Path folder : folders.filter(Files::isDirectory).toList()) {
        try (Stream<Path> files = Files.list(folder)) {
          boolean code = files.anyMatch(file -> file.toString().endsWith(".java"));
          if (code && !Files.exists(folder.resolve("package-info.java"))) {
            silent.add(folder);
          }
        }
      }
    }
    assertThat(silent).isEmpty();
  }

  @TestFactory
  Stream<DynamicTest> everyPackageImportsWhatItsDoorSays() throws IOException {
    return Door.all(FLOORS).stream()
        .map(door -> DynamicTest.dynamicTest(door.name(), () -> assertThat(door.lies()).isEmpty()));
  }

  private static String[] forbiddenFor(String name) {
    var forbidden = new ArrayList<String>();
    boolean above = false;
    for (List<String> floor : FLOORS) {
      above |= floor.contains(name);
      for (String other : floor) {
        if (above && !other.equals(name)) {
          forbidden.add(within(other));
        }
      }
    }
    return forbidden.isEmpty() ? new String[] {"nothing"} : forbidden.toArray(String[]::new);
  }

  private static String within(String name) {
    return ROOT + name + "..";
  }

  private static void check(ArchRule rule) {
    rule.check(CLASSES);
  }
}
