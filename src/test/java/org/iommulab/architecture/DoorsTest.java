package org.iommulab.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.iommulab.testing.Project;
import org.junit.jupiter.api.Test;

/** Doors are few, and no two concepts have one name. */
final class DoorsTest {

  private static final String ROOT = "org.iommulab.";

  private static final List<String> FLOORS_OF_OWN_WORDS = List.of("vtd", "linux", "lab", "ui");

  /** Names that stand for two things, and why neither gives way. */
  private static final Map<String, String> SHARED =
      Map.of(
          "Area", "a line of /proc/PID/maps; a region of the window",
          "CallRow", "a function of the kernel that ran; a system call of a real program",
          "Request", "what a real program asks of the kernel; what a device asks of the unit",
          "TextFile", "an open file of a process; a file of the person's");

  private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Project.classes());

  @Test
  void publicTypesOnlyGetFewer() throws IOException {
    FallingCounts.check("public-types.txt", publicTypes(), "make fewer public");
  }

  private static Map<String, Integer> publicTypes() {
    var counts = new TreeMap<String, Integer>();
    for (JavaClass each : CLASSES) {
      boolean isPublic = each.getModifiers().contains(JavaModifier.PUBLIC);
      if (each.isTopLevelClass() && isPublic) {
        counts.merge(inside(each.getPackageName()), 1, Integer::sum);
      }
    }
    return counts;
  }

  @Test
  void noTwoConceptsHaveOneName() {
    var homes = new TreeMap<String, TreeSet<String>>();
    for (JavaClass each : CLASSES) {
      String home = inside(each.getPackageName());
      boolean ownWords = FLOORS_OF_OWN_WORDS.contains(home.split("\\.", -1)[0]);
      if (each.isTopLevelClass() && ownWords && !each.getSimpleName().equals("package-info")) {
        homes.computeIfAbsent(each.getSimpleName(), name -> new TreeSet<>()).add(home);
      }
    }
    homes.values().removeIf(packages -> packages.size() == 1);
    assertThat(homes).containsOnlyKeys(SHARED.keySet());
  }

  @Test
  void kernelTakesNoMapsOfArguments() {
    var takers = new ArrayList<String>();
    for (JavaClass each : CLASSES) {
      if (inside(each.getPackageName()).startsWith("linux")) {
        for (JavaCodeUnit unit : each.getCodeUnits()) {
          boolean takes =
              unit.getParameterTypes().stream()
                  .anyMatch(
                      type ->
                          type.getName()
                              .equals("java.util.Map<java.lang.String, java.lang.Object>"));
          if (takes) {
            takers.add(unit.getFullName());
          }
        }
      }
    }
    assertThat(takers).isEmpty();
  }

  @Test
  void roomsDependOnEachOtherInNoCircle() {
    slices().matching("org.iommulab.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  private static String inside(String name) {
    return name.startsWith(ROOT) ? name.substring(ROOT.length()) : name;
  }
}
