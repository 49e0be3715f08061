package org.iommulab.linux.dma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.iommulab.bus.Mmio;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.BootResult;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.Platform;
import org.iommulab.linux.boot.BootStage;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.choice.BootChoice;
import org.iommulab.linux.boot.choice.Kconfig;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableBrowser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thousand boots by seed: what was chosen is what the kernel prints and the hardware does. */
final class BootChoiceIsDoneTest {

  private static final List<String> WORDS =
      List.of(
          "intel_iommu=on",
          "intel_iommu=on",
          "intel_iommu=off",
          "intel_iommu=strict",
          "intel_iommu=sp_off",
          "intel_iommu=xyz",
          "intel_iommu=tboot_noforce",
          "iommu=pt",
          "iommu=nopt",
          "iommu=off",
          "iommu=soft",
          "iommu.strict=1",
          "iommu.strict=0",
          "iommu.passthrough=1",
          "swiotlb=force",
          "swiotlb=noforce",
          "swiotlb=4096",
          "iommu.forcedac=1");

  @ParameterizedTest
  @EnumSource
  void theKernelDoesWhatWasChosen(Era era) {
    var random = new Random(era.ordinal());
    for (int boot = 0; boot < 100; boot++) {
      var line = new StringBuilder();
      for (int i = random.nextInt(4); i >= 0; i--) {
        line.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
      }
      check(line.toString(), era, random);
    }
  }

  private static void check(String line, Era era, Random random) {
    var machine = new Machine(MachineSpec.laboratory("spec"));
    boolean vtd = random.nextInt(5) > 0;
    boolean optIn = random.nextInt(4) == 0;
    var nic = PciDevice.endpoint(DmaLab.NIC, "nic");
    var dmar =
        new DmarFacts(
            46,
            false,
            false,
            true,
            optIn,
            DmarFacts.single(46, machine.mmioBase()).units(),
            List.of(),
            List.of());
    var platform =
        new Platform(
            machine.memory(),
            Map.<Long, Mmio>of(machine.mmioBase(), machine.unit()),
            vtd ? dmar : null,
            List.of(random.nextBoolean() ? nic : nic.atExternalPort()),
            new CallTrace(),
            () -> 0L);
    var kconfig =
        new Kconfig(
            random.nextInt(6) > 0,
            random.nextBoolean(),
            false,
            random.nextInt(3) == 0,
            random.nextInt(3) == 0,
            false);
    var launch = new BootOptions.Launch(random.nextInt(6) == 0, random.nextInt(6) == 0, 2, false);
    BootOptions options = BootOptions.of(line).withEra(era).withKconfig(kconfig).withLaunch(launch);
    BootResult result = Kernel.boot(platform, options.withUntil(BootStage.PCI_IOMMU_ALLOC));
    for (BootStage stage : BootStage.values()) {
      if (random.nextBoolean() || stage == BootStage.PCI_IOMMU_INIT) {
        result = result.kernel().continueBoot(stage);
      }
    }
    agree(line + " in " + era, result, machine);
  }

  private static void agree(String boot, BootResult result, Machine machine) {
    BootChoice choice = result.kernel().bootChoice();
    boolean on = choice.driver() == BootChoice.Driver.ON;
    assertThat(result.translating()).as(boot).isEqualTo(on);
    assertThat(result.problem() == null).as(boot).isEqualTo(on);
    boolean enabled =
        RegisterLayouts.GSTS
            .field("TES")
            .isSet(machine.unit().read(RegisterLayouts.GSTS.position(), 4));
    assertThat(enabled).as(boot).isEqualTo(on);
    boolean kept = choice.pool() == BootChoice.Pool.KEPT;
    assertThat(result.kernel().dma().swiotlb().isActive()).as(boot).isEqualTo(kept);
    assertThat(result.kernel().dma().swiotlb().isForced()).as(boot).isEqualTo(choice.forceBounce());
    String log = String.join("\n", result.kernel().dmesg());
    int at = 0;
    for (String printed : choice.printed()) {
      at = log.indexOf(printed, at);
      assertThat(at).as("%s: \"%s\" in order in%n%s", boot, printed, log).isNotNegative();
    }
    if (on) {
      var tables = new TableBrowser(machine.memory(), RegisterValues.of(machine.unit()));
      var context = (ContextNode.Legacy) tables.context(DmaLab.NIC).orElseThrow();
      boolean passes = context.translationType() == ContextEntry.PASS_THROUGH;
      boolean trusted = !result.kernel().iommu().devices().getFirst().pci().untrusted();
      boolean asked = choice.defaultDomain() == BootChoice.DefaultDomain.PASS_THROUGH;
      assertThat(passes).as(boot).isEqualTo(asked && trusted);
      boolean lazy = choice.invalidation() == BootChoice.Invalidation.LAZY;
      var domains = result.kernel().dma().view().domains();
      if (!passes && trusted) {
        assertThat(domains.getFirst().lazy()).as(boot).isEqualTo(lazy);
      }
    }
  }
}
