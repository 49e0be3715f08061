package org.iommulab.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.Pasid;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.request.Translation;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableUse;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The emulated unit, started on a dump, agrees with what the dump's tables were read to say. */
class ForkPlanTest {

  @TestFactory
  Stream<DynamicTest> unitTranslatesEveryRangeOfTheDump() {
    return Stream.of(Sample.values())
        .map(sample -> DynamicTest.dynamicTest(sample.id(), () -> compare(sample)));
  }

  private static void compare(Sample sample) {
    Snapshot snapshot = (Snapshot) sample.open();
    RemappingUnit unit = start(ForkPlan.of(snapshot));
    TableBrowser tables = snapshot.tables();
    var differences = new ArrayList<String>();
    for (TableUse use : tables.uses()) {
      for (MappedRange range : tables.table(use.table()).ranges()) {
        for (long offset : List.of(0L, range.size() - 1)) {
          Translation answer =
              unit.translate(
                  new DmaAccess(
                      use.source(),
                      range.iova() + offset,
                      1,
                      DmaAccess.Kind.READ,
                      Pasid.NONE,
                      false,
                      DmaAccess.AddressType.UNTRANSLATED,
                      false));
          if (!(answer instanceof Translation.Done done)
              || done.address() != range.physical() + offset) {
            differences.add(use.source() + " " + range + ": " + answer);
          }
        }
      }
    }
    assertThat(differences).isEmpty();
    assertThat(tables.uses()).isNotEmpty();
  }

  private static RemappingUnit start(ForkPlan plan) {
    ForkPlan.Unit first = plan.units().getFirst();
    var capabilities =
        new Capabilities(first.cap(), first.ecap(), first.version(), plan.hostAddressWidth());
    RemappingUnit unit =
        new RemappingUnit(
            Profiles.named(Profiles.SPEC).orElseThrow().withCapabilities(capabilities),
            plan.memory(),
            (address, data) -> {});
    for (ForkPlan.Write write : first.writes()) {
      unit.write(write.offset(), write.size(), write.value());
    }
    return unit;
  }
}
