package org.iommulab.linux.boot.choice;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.swiotlb.SwiotlbOptions;
import org.jspecify.annotations.Nullable;

/**
 * The command line as the kernel's parsers leave it behind, with the lines they print. All are
 * parsed before any hardware is looked for; later words win.
 */
final class Parameters {

  private final Era era;
  private final List<String> printed = new ArrayList<>();
  private @Nullable Boolean on;
  private boolean noPlatformOptIn;
  private boolean tbootNoforce;
  private boolean intelStrict;
  private boolean superpages = true;
  private @Nullable Boolean scalable;
  private boolean graphicsMapped = true;
  private boolean forceDac;
  private boolean noBounce;
  private boolean iommuOff;
  private boolean soft;
  private @Nullable Boolean passthrough;
  private @Nullable Boolean strict;
  private SwiotlbOptions swiotlb = SwiotlbOptions.DEFAULT;

  Parameters(String cmdline, Era era) {
    this.era = era;
    for (String word : cmdline.strip().split("\\s+")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        parameter(word.substring(0, equals), word.substring(equals + 1));
      }
    }
  }

  private void parameter(String name, String value) {
    switch (name) {
      case "intel_iommu" -> {
        for (String option : value.split(",")) {
          intelIommu(option);
        }
      }
      case "iommu" -> {
        for (String option : value.split(",")) {
          iommu(option);
        }
      }
      case "iommu.passthrough" -> passthrough = isTrue(value);
      case "iommu.strict" -> strict = isTrue(value);
      case "iommu.forcedac" -> forceDac = isTrue(value);
      case "swiotlb" -> swiotlb = SwiotlbOptions.parse(value, era.atLeast(Era.V6_3));
      default -> {
        // Other subsystems have parameters too.
      }
    }
  }

  private void intelIommu(String option) {
    boolean now = era.atLeast(Era.V5_15);
    switch (option) {
      case "on" -> {
        on = true;
        print("IOMMU enabled");
      }
      case "off" -> {
        on = false;
        noPlatformOptIn = true;
        print("IOMMU disabled");
      }
      case "igfx_off" -> {
        graphicsMapped = false;
        print("Disable GFX device mapping");
      }
      case "forcedac" -> {
        forceDac = true;
        print(
            now
                ? "intel_iommu=forcedac deprecated; use iommu.forcedac instead"
                : "Forcing DAC for PCI devices");
      }
      case "strict" -> {
        intelStrict = true;
        print(
            now
                ? "intel_iommu=strict deprecated; use iommu.strict=1 instead"
                : "Disable batched IOTLB flush");
      }
      case "sp_off" -> {
        superpages = false;
        print("Disable supported super page");
      }
      case "sm_on" -> {
        scalable = true;
        print(
            now
                ? "Enable scalable mode if hardware supports"
                : "Intel-IOMMU: scalable mode supported");
      }
      case "tboot_noforce" -> {
        tbootNoforce = true;
        print("Intel-IOMMU: not forcing on after tboot. This could expose security risk for tboot");
      }
      default -> other(option, now);
    }
  }

  private void other(String option, boolean now) {
    if (option.equals("sm_off") && now) {
      scalable = false;
      print("Scalable mode is disallowed");
    } else if (option.equals("nobounce") && !now) {
      noBounce = true;
      print("Intel-IOMMU: No bounce buffer. This could expose security risks of DMA attacks");
    } else if (now) {
      print("Unknown option - '" + option + "'");
    }
  }

  private void print(String text) {
    printed.add("DMAR: " + text);
  }

  private void iommu(String option) {
    switch (option) {
      case "off" -> iommuOff = true;
      case "soft" -> soft = true;
      case "pt" -> passthrough = true;
      case "nopt" -> passthrough = false;
      default -> {
        // "force" and the GART words have no effect on Intel hardware.
      }
    }
  }

  private static boolean isTrue(String value) {
    return value.equals("1") || value.equalsIgnoreCase("y") || value.equals("on");
  }

  List<String> printed() {
    return printed;
  }

  /** {@code intel_iommu=on} or {@code off}, null if neither. */
  @Nullable Boolean on() {
    return on;
  }

  boolean noPlatformOptIn() {
    return noPlatformOptIn;
  }

  boolean tbootNoforce() {
    return tbootNoforce;
  }

  boolean intelStrict() {
    return intelStrict;
  }

  boolean superpages() {
    return superpages;
  }

  @Nullable Boolean scalable() {
    return scalable;
  }

  boolean graphicsMapped() {
    return graphicsMapped;
  }

  boolean forceDac() {
    return forceDac;
  }

  boolean noBounce() {
    return noBounce;
  }

  boolean iommuOff() {
    return iommuOff;
  }

  boolean soft() {
    return soft;
  }

  @Nullable Boolean passthrough() {
    return passthrough;
  }

  @Nullable Boolean strict() {
    return strict;
  }

  SwiotlbOptions swiotlb() {
    return swiotlb;
  }
}
