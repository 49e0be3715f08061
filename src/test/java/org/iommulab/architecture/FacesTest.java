package org.iommulab.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.iommulab.evidence.Snapshot;
import org.iommulab.lab.LabView;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.machine.DeviceView;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.machine.MachineDevice;
import org.iommulab.lab.machine.MachineView;
import org.iommulab.lab.run.Rig;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.KernelView;
import org.iommulab.linux.dma.DmaApi;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.program.Exchange;
import org.iommulab.linux.program.KeptBytes;
import org.iommulab.memory.Changes;
import org.iommulab.memory.MemoryView;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.qemu.Guest;
import org.iommulab.qemu.Vmm;
import org.iommulab.testing.Project;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.UnitView;
import org.iommulab.vtd.tables.EntryFigures;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableBrowser;
import org.junit.jupiter.api.Test;

/**
 * Whoever asks the laboratory a question gets faces that can be looked at, not the machine itself:
 * what changes it goes through the journal.
 */
final class FacesTest {

  private static final Set<Class<?>> FACES =
      Set.of(
          LabView.class,
          MachineView.class,
          UnitView.class,
          DeviceView.class,
          MemoryView.class,
          KernelView.class);

  /** Classes without a face that change nothing all the same. */
  private static final Map<Class<?>, String> HARMLESS =
      Map.ofEntries(
          Map.entry(Bytes.class, "bytes of a command, never written"),
          Map.entry(Changes.class, "what a command changed, frozen"),
          Map.entry(EntryFigures.class, "counts of one look at the tables"),
          Map.entry(Exchange.class, "a request of the past; only its own package ends it"),
          Map.entry(KeptBytes.class, "bytes in a file, copied out"),
          Map.entry(PageTable.class, "reads memory"),
          Map.entry(RegisterValues.class, "registers at one moment"),
          Map.entry(Snapshot.class, "a dump; its file is never written"),
          Map.entry(TableBrowser.class, "reads memory"));

  private static final List<Class<?>> LIVE =
      List.of(
          Rig.class,
          Machine.class,
          MachineDevice.class,
          RemappingUnit.class,
          PhysicalMemory.class,
          Kernel.class,
          DmaApi.class,
          Process.class,
          ModelProcess.class,
          Vmm.class,
          Guest.class);

  @Test
  void facesGiveOutFacesAndValuesOnly() {
    var out = new TreeSet<String>();
    for (Class<?> given : givenOut()) {
      if (!FACES.contains(given) && !HARMLESS.containsKey(given) && !isValue(given)) {
        out.add(given.getName());
      }
    }
    assertThat(out).isEmpty();
  }

  private static boolean isValue(Class<?> type) {
    return type.isRecord() || type.isEnum() || type.isSealed();
  }

  /** Every class of ours that can be reached by asking, from {@link LabView} on. */
  private static Set<Class<?>> givenOut() {
    var found = new HashSet<Class<?>>();
    Deque<Class<?>> next = new ArrayDeque<>(FACES);
    while (!next.isEmpty()) {
      Class<?> type = next.pop();
      if (type.getName().startsWith("org.iommulab.") && found.add(type)) {
        types(type).forEach(each -> classes(each, next));
      }
    }
    return found;
  }

  private static Stream<Type> types(Class<?> type) {
    if (type.isRecord()) {
      return Stream.of(type.getRecordComponents()).map(RecordComponent::getGenericType);
    }
    if (type.isEnum()) {
      return Stream.empty();
    }
    if (type.isSealed()) {
      return Stream.of(type.getPermittedSubclasses());
    }
    return Stream.of(type.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .map(Method::getGenericReturnType);
  }

  private static void classes(Type type, Deque<Class<?>> into) {
    switch (type) {
      case Class<?> plain -> into.add(plain.isArray() ? plain.componentType() : plain);
      case ParameterizedType made -> {
        classes(made.getRawType(), into);
        Stream.of(made.getActualTypeArguments()).forEach(each -> classes(each, into));
      }
      case WildcardType some -> Stream.of(some.getUpperBounds()).forEach(e -> classes(e, into));
      case GenericArrayType array -> classes(array.getGenericComponentType(), into);
      default -> {}
    }
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
