package org.iommulab.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.iommulab.lab.LabView;
import org.iommulab.lab.machine.DeviceView;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.machine.MachineDevice;
import org.iommulab.lab.machine.MachineView;
import org.iommulab.lab.run.Rig;
import org.iommulab.memory.MemoryView;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.testing.Project;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.UnitView;
import org.junit.jupiter.api.Test;

/**
 * Whoever asks the laboratory a question gets faces that can be looked at, not the machine itself:
 * what changes it goes through the journal.
 */
final class FacesTest {

  private static final List<Class<?>> FACES =
      List.of(LabView.class, MachineView.class, UnitView.class, DeviceView.class, MemoryView.class);

  private static final List<Class<?>> LIVE =
      List.of(
          Rig.class, Machine.class, MachineDevice.class, RemappingUnit.class, PhysicalMemory.class);

  @Test
  void facesGiveOutFacesOnly() {
    var out = new ArrayList<String>();
    for (Class<?> face : FACES) {
      for (Method method : face.getDeclaredMethods()) {
        String signature = method.toGenericString();
        for (Class<?> live : LIVE) {
          if (signature.matches(".*\\b" + live.getName().replace(".", "\\.") + "(?![$.\\w]).*")) {
            out.add(signature);
          }
        }
      }
    }
    assertThat(out).isEmpty();
  }

  @Test
  void faceTakesNoOrders() {
    for (Class<?> face : FACES) {
      assertThat(face.getDeclaredMethods())
          .filteredOn(method -> method.getReturnType() == void.class)
          .extracting(Method::getName)
          .as("orders of %s; MemoryView.read fills an array", face.getSimpleName())
          .isSubsetOf("read");
    }
  }

  @Test
  void windowHoldsNothingLive() {
    noClasses()
        .that()
        .resideInAPackage("org.iommulab.ui..")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are live", other -> LIVE.stream().anyMatch(other::isEquivalentTo)))
        .check(new ClassFileImporter().importPath(Project.classes()));
  }
}
