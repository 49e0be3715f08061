package org.iommulab.linux.boot;

import org.jspecify.annotations.Nullable;

/**
 * What the kernel command line says about DMA, after all early parameters were parsed. Later words
 * win over earlier ones, as they do in the kernel.
 */
public final class CommandLine {

  private final String text;
  private boolean dmarDisabled = true;
  private boolean superpages = true;
  private boolean scalable;
  private boolean gfxMapped = true;
  private boolean iommuOff;
  private boolean softwareOnly;
  private boolean forceDac;
  private @Nullable Boolean passthrough;
  private @Nullable Boolean strict;
  private String swiotlb = "";

  private CommandLine(String text) {
    this.text = text;
  }

  /** Parses a command line; the messages of the parsers go to the log. */
  public static CommandLine parse(String text, BootLog log) {
    var line = new CommandLine(text);
    log.print("Command line: " + text);
    for (String word : text.strip().split("\\s+")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        line.parameter(word.substring(0, equals), word.substring(equals + 1), log);
      }
    }
    return line;
  }

  private void parameter(String name, String value, BootLog log) {
    switch (name) {
      case "intel_iommu" -> {
        for (String option : value.split(",")) {
          intelIommu(option, log);
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
      case "swiotlb" -> swiotlb = value;
      default -> {
        // Other subsystems have parameters too.
      }
    }
  }

  private void intelIommu(String option, BootLog log) {
    switch (option) {
      case "on" -> {
        dmarDisabled = false;
        log.print("DMAR: IOMMU enabled");
      }
      case "off" -> {
        dmarDisabled = true;
        log.print("DMAR: IOMMU disabled");
      }
      case "igfx_off" -> {
        gfxMapped = false;
        log.print("DMAR: Disable GFX device mapping");
      }
      case "forcedac" -> {
        forceDac = true;
        log.print("DMAR: intel_iommu=forcedac deprecated; use iommu.forcedac instead");
      }
      case "strict" -> {
        strict = true;
        log.print("DMAR: intel_iommu=strict deprecated; use iommu.strict=1 instead");
      }
      case "sp_off" -> {
        superpages = false;
        log.print("DMAR: Disable supported super page");
      }
      case "sm_on" -> {
        scalable = true;
        log.print("DMAR: Enable scalable mode if hardware supports");
      }
      case "sm_off" -> {
        scalable = false;
        log.print("DMAR: Scalable mode is disallowed");
      }
      case "tboot_noforce" -> log.print("DMAR: Intel-IOMMU: not forcing on after tboot.");
      default -> log.print("DMAR: Unknown option - '" + option + "'");
    }
  }

  private void iommu(String option) {
    switch (option) {
      case "off" -> iommuOff = true;
      case "soft" -> softwareOnly = true;
      case "pt" -> passthrough = true;
      case "nopt" -> passthrough = false;
      default -> {
        // "force" and the GART words have no effect on Intel hardware.
      }
    }
  }

  private static boolean isTrue(String value) {
    return value.equals("1") || value.equals("y") || value.equals("on");
  }

  /** The whole line. */
  public String text() {
    return text;
  }

  /** {@code dmar_disabled}: off unless {@code intel_iommu=on}. */
  public boolean dmarDisabled() {
    return dmarDisabled;
  }

  /** False after {@code sp_off}. */
  public boolean superpages() {
    return superpages;
  }

  /** {@code sm_on}. */
  public boolean scalable() {
    return scalable;
  }

  /** False after {@code igfx_off}. */
  public boolean gfxMapped() {
    return gfxMapped;
  }

  /** {@code iommu=off}: no IOMMU driver at all, no SWIOTLB either. */
  public boolean iommuOff() {
    return iommuOff;
  }

  /** {@code iommu=soft}. */
  public boolean softwareOnly() {
    return softwareOnly;
  }

  /** {@code iommu.forcedac}: no attempt below 4 GiB first. */
  public boolean forceDac() {
    return forceDac;
  }

  /** Identity default domains asked for or refused, null if the line does not say. */
  public @Nullable Boolean passthrough() {
    return passthrough;
  }

  /** Strict or lazy invalidation asked for, null if the line does not say. */
  public @Nullable Boolean strict() {
    return strict;
  }

  /** The text behind {@code swiotlb=}, empty without. */
  public String swiotlb() {
    return swiotlb;
  }
}
