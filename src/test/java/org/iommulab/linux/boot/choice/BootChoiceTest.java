package org.iommulab.linux.boot.choice;

import static org.assertj.core.api.Assertions.assertThat;

import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.choice.BootChoice.DefaultDomain;
import org.iommulab.linux.boot.choice.BootChoice.Driver;
import org.iommulab.linux.boot.choice.BootChoice.Invalidation;
import org.iommulab.linux.boot.choice.BootChoice.Pool;
import org.junit.jupiter.api.Test;

/** The decision table of the lesson on switching VT-d on: one test a row, then and now. */
final class BootChoiceTest {

  private static final Era THEN = Era.V5_4;
  private static final Era NOW = Era.V7_1;
  private static final String FINAL_LINE =
      "DMAR: Intel(R) Virtualization Technology for Directed I/O";

  private static BootChoice decide(String cmdline, Era era) {
    return BootChoice.decide(cmdline, Kconfig.DEFAULT, Firmware.LAB, era);
  }

  private static Firmware firmware(
      boolean table, boolean optIn, boolean external, boolean tboot, boolean encrypted) {
    return new Firmware(table, optIn, external, tboot, encrypted, true, true, false, false);
  }

  @Test
  void row01EnabledIsPrintedWithoutHardware() {
    for (Era era : new Era[] {THEN, NOW}) {
      BootChoice choice =
          BootChoice.decide(
              "intel_iommu=on", Kconfig.DEFAULT, firmware(false, false, false, false, false), era);
      assertThat(choice.driver()).isEqualTo(Driver.ABSENT);
      assertThat(choice.tableParsed()).isFalse();
      assertThat(choice.pool()).isEqualTo(Pool.KEPT);
      assertThat(choice.printed().stream().filter(line -> line.startsWith("DMAR")))
          .containsExactly("DMAR: IOMMU enabled");
    }
  }

  @Test
  void row02OffByDefaultStillReadsTheTable() {
    for (Era era : new Era[] {THEN, NOW}) {
      BootChoice choice = decide("", era);
      assertThat(choice.driver()).isEqualTo(Driver.DISABLED);
      assertThat(choice.tableParsed()).isTrue();
      assertThat(choice.printed()).doesNotContain(FINAL_LINE);
    }
  }

  @Test
  void row03OnMeansTranslatedAndLazy() {
    BootChoice byDefault = BootChoice.decide("", Kconfig.DEFAULT.on(), Firmware.LAB, NOW);
    assertThat(byDefault.driver()).isEqualTo(Driver.ON);
    BootChoice then = decide("intel_iommu=on", THEN);
    BootChoice now = decide("intel_iommu=on", NOW);
    for (BootChoice choice : new BootChoice[] {byDefault, then, now}) {
      assertThat(choice.defaultDomain()).isEqualTo(DefaultDomain.TRANSLATED);
      assertThat(choice.invalidation()).isEqualTo(Invalidation.LAZY);
      assertThat(choice.printed()).contains("iommu: Default domain type: Translated", FINAL_LINE);
    }
    String policy = "iommu: DMA domain TLB invalidation policy: lazy mode";
    assertThat(then.printed()).doesNotContain(policy);
    assertThat(now.printed()).contains(policy);
  }

  @Test
  void row04OffAlsoRefusesThePlatformsWish() {
    Firmware wishing = firmware(true, true, true, false, false);
    for (Era era : new Era[] {THEN, NOW}) {
      BootChoice choice = BootChoice.decide("intel_iommu=off", Kconfig.DEFAULT.on(), wishing, era);
      assertThat(choice.driver()).isEqualTo(Driver.DISABLED);
      assertThat(choice.printed()).contains("DMAR: IOMMU disabled");
    }
  }

  @Test
  void row05IommuOffWinsAndLeavesNoBouncingEither() {
    for (Era era : new Era[] {THEN, NOW}) {
      BootChoice choice = decide("intel_iommu=on iommu=off", era);
      assertThat(choice.driver()).isEqualTo(Driver.DISABLED);
      assertThat(choice.pool()).isEqualTo(Pool.NEVER);
      assertThat(choice.printed()).contains("DMAR: IOMMU enabled");
    }
  }

  @Test
  void row06PlatformOptInForcesOnWithIdentityForTheTrusted() {
    Firmware wishing = firmware(true, true, true, false, false);
    for (Era era : new Era[] {THEN, NOW}) {
      BootChoice choice = BootChoice.decide("", Kconfig.DEFAULT, wishing, era);
      assertThat(choice.driver()).isEqualTo(Driver.ON);
      assertThat(choice.defaultDomain()).isEqualTo(DefaultDomain.PASS_THROUGH);
      assertThat(choice.printed())
          .contains("DMAR: Intel-IOMMU force enabled due to platform opt in");
    }
    BootChoice without =
        BootChoice.decide("", Kconfig.DEFAULT, firmware(true, true, false, false, false), NOW);
    assertThat(without.driver()).isEqualTo(Driver.DISABLED);
  }

  @Test
  void row07TrustedLaunchForcesOnOrPanics() {
    Firmware launched = firmware(true, false, false, true, false);
    BootChoice forced = BootChoice.decide("intel_iommu=off", Kconfig.DEFAULT, launched, NOW);
    assertThat(forced.driver()).isEqualTo(Driver.ON);
    assertThat(forced.printed()).contains("DMAR: Forcing Intel-IOMMU to enabled");
    BootChoice already = BootChoice.decide("intel_iommu=on", Kconfig.DEFAULT, launched, NOW);
    assertThat(already.printed()).noneMatch(line -> line.contains("Forcing"));
    BootChoice refused =
        BootChoice.decide("intel_iommu=tboot_noforce", Kconfig.DEFAULT, launched, NOW);
    assertThat(refused.driver()).isEqualTo(Driver.DISABLED);
    BootChoice broken =
        BootChoice.decide("", Kconfig.DEFAULT, firmware(false, false, false, true, false), THEN);
    assertThat(broken.driver()).isEqualTo(Driver.PANIC);
  }

  @Test
  void row08PassThrough() {
    for (String how : new String[] {"iommu=pt", "iommu.passthrough=1"}) {
      for (Era era : new Era[] {THEN, NOW}) {
        BootChoice choice = decide("intel_iommu=on " + how, era);
        assertThat(choice.defaultDomain()).isEqualTo(DefaultDomain.PASS_THROUGH);
        assertThat(choice.printed())
            .contains("iommu: Default domain type: Passthrough (set via kernel command line)");
      }
    }
  }

  @Test
  void row09PassThroughWithoutHardwareSupport() {
    var lacking = new Firmware(true, false, false, false, false, true, false, false, false);
    assertThat(
            BootChoice.decide("intel_iommu=on iommu=pt", Kconfig.DEFAULT, lacking, THEN)
                .defaultDomain())
        .isEqualTo(DefaultDomain.IDENTITY_TABLES);
    assertThat(
            BootChoice.decide("intel_iommu=on iommu=pt", Kconfig.DEFAULT, lacking, NOW)
                .defaultDomain())
        .isEqualTo(DefaultDomain.TRANSLATED);
  }

  @Test
  void row10NoptBeatsKconfig() {
    for (Era era : new Era[] {THEN, NOW}) {
      BootChoice choice =
          BootChoice.decide(
              "intel_iommu=on iommu=nopt", Kconfig.DEFAULT.passingThrough(), Firmware.LAB, era);
      assertThat(choice.defaultDomain()).isEqualTo(DefaultDomain.TRANSLATED);
      assertThat(choice.printed())
          .contains("iommu: Default domain type: Translated (set via kernel command line)");
    }
  }

  @Test
  void row11EncryptedMemoryBeatsKconfig() {
    Firmware encrypted = firmware(true, false, false, false, true);
    for (Era era : new Era[] {THEN, NOW}) {
      BootChoice choice =
          BootChoice.decide("intel_iommu=on", Kconfig.DEFAULT.passingThrough(), encrypted, era);
      assertThat(choice.defaultDomain()).isEqualTo(DefaultDomain.TRANSLATED);
      assertThat(choice.printed())
          .contains("iommu: Memory encryption detected - Disabling default IOMMU Passthrough");
    }
  }

  @Test
  void row12CommonStrictReachedIntelOnlyLater() {
    BootChoice then = decide("intel_iommu=on iommu.strict=1", THEN);
    BootChoice now = decide("intel_iommu=on iommu.strict=1", NOW);
    assertThat(then.invalidation()).isEqualTo(Invalidation.LAZY);
    assertThat(now.invalidation()).isEqualTo(Invalidation.STRICT);
    assertThat(now.printed())
        .contains(
            "iommu: DMA domain TLB invalidation policy: strict mode"
                + " (set via kernel command line)");
  }

  @Test
  void row13IntelsOwnStrict() {
    BootChoice then = decide("intel_iommu=on,strict", THEN);
    BootChoice now = decide("intel_iommu=on,strict", NOW);
    assertThat(then.invalidation()).isEqualTo(Invalidation.STRICT);
    assertThat(now.invalidation()).isEqualTo(Invalidation.STRICT);
    assertThat(then.printed()).contains("DMAR: Disable batched IOTLB flush");
    assertThat(now.printed())
        .contains("DMAR: intel_iommu=strict deprecated; use iommu.strict=1 instead");
  }

  @Test
  void row14CachingModeMakesItStrict() {
    var virtual = new Firmware(true, false, false, false, false, true, true, true, true);
    String line = "DMAR: IOMMU batching disallowed due to virtualization";
    assertThat(BootChoice.decide("intel_iommu=on", Kconfig.DEFAULT, virtual, THEN).invalidation())
        .isEqualTo(Invalidation.LAZY);
    BootChoice now = BootChoice.decide("intel_iommu=on", Kconfig.DEFAULT, virtual, NOW);
    assertThat(now.invalidation()).isEqualTo(Invalidation.STRICT);
    assertThat(now.printed()).contains(line);
    BootChoice firstStage =
        BootChoice.decide("intel_iommu=on,sm_on", Kconfig.DEFAULT, virtual, NOW);
    assertThat(firstStage.scalable()).isTrue();
    assertThat(firstStage.invalidation()).isEqualTo(Invalidation.LAZY);
    assertThat(firstStage.printed()).doesNotContain(line);
  }

  @Test
  void row15SoftSkippedVtdThen() {
    BootChoice then = decide("intel_iommu=on iommu=soft", THEN);
    assertThat(then.driver()).isEqualTo(Driver.SKIPPED);
    assertThat(then.tableParsed()).isFalse();
    assertThat(then.printed())
        .contains("PCI-DMA: Using software bounce buffering for IO (SWIOTLB)");
    assertThat(decide("intel_iommu=on iommu=soft", NOW).driver()).isEqualTo(Driver.ON);
  }

  @Test
  void row16ForcedBouncingSkippedVtdThen() {
    BootChoice then = decide("intel_iommu=on swiotlb=force", THEN);
    assertThat(then.driver()).isEqualTo(Driver.SKIPPED);
    assertThat(then.forceBounce()).isTrue();
    BootChoice now = decide("intel_iommu=on swiotlb=force", NOW);
    assertThat(now.driver()).isEqualTo(Driver.ON);
    assertThat(now.forceBounce()).isTrue();
  }

  @Test
  void row17PoolWasFreedUpTo57() {
    String line = "PCI-DMA: Using software bounce buffering for IO (SWIOTLB)";
    for (Era era : new Era[] {Era.V5_4, Era.V5_7}) {
      BootChoice then = decide("intel_iommu=on", era);
      assertThat(then.pool()).isEqualTo(Pool.FREED);
      assertThat(then.printed()).doesNotContain(line);
    }
    BootChoice later = decide("intel_iommu=on", Era.V5_9);
    assertThat(later.pool()).isEqualTo(Pool.KEPT);
    assertThat(later.printed()).contains(line);
  }

  @Test
  void row18NoSuperpages() {
    BootChoice choice = decide("intel_iommu=on,sp_off", NOW);
    assertThat(choice.superpages()).isFalse();
    assertThat(choice.printed()).contains("DMAR: Disable supported super page");
  }

  @Test
  void row19UnknownWordIsNamedNow() {
    assertThat(decide("intel_iommu=xyz", THEN).printed()).noneMatch(line -> line.contains("xyz"));
    assertThat(decide("intel_iommu=xyz", NOW).printed()).contains("DMAR: Unknown option - 'xyz'");
  }

  @Test
  void row20GraphicsLeftOut() {
    for (Era era : new Era[] {THEN, NOW}) {
      BootChoice choice = decide("intel_iommu=on,igfx_off", era);
      assertThat(choice.graphicsMapped()).isFalse();
      assertThat(choice.printed()).contains("DMAR: Disable GFX device mapping");
    }
  }

  @Test
  void everyDecisionHasItsReason() {
    BootChoice choice = decide("intel_iommu=on iommu.strict=1", NOW);
    assertThat(choice.reasons())
        .contains(
            new Reason("driver", "on", "intel_iommu=on"),
            new Reason("invalidation", "strict", "iommu.strict"),
            new Reason("SWIOTLB", "pool kept", "memory lies above 4 GiB"));
  }
}
