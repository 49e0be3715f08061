package org.iommulab.linux.boot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.memory.AddressRange;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel command line says about DMA. All parameters are parsed before any hardware is
 * looked for; later words win over earlier ones, as they do in the kernel.
 */
public final class CommandLine {

  private static final Pattern RESERVED =
      Pattern.compile(
          "(0x[0-9a-fA-F]{1,16}|[0-9]{1,19})([KMGkmg]?)\\$(0x[0-9a-fA-F]{1,16}|[0-9]{1,19})([KMGkmg]?)");

  private final String text;
  private final Era era;
  private final Consumer<String> log;
  private @Nullable Boolean intelIommu;
  private boolean noPlatformOptIn;
  private boolean tbootNoforce;
  private boolean intelStrict;
  private boolean superpages = true;
  private @Nullable Boolean scalable;
  private boolean gfxMapped = true;
  private boolean noBounce;
  private boolean iommuOff;
  private boolean softwareOnly;
  private final Set<String> intremap = new LinkedHashSet<>();
  private boolean forceDac;
  private @Nullable Boolean passthrough;
  private @Nullable Boolean commonStrict;
  private String swiotlb = "";
  private final Map<String, Boolean> unsafeInterrupts = new LinkedHashMap<>();
  private final List<AddressRange> reservedMemory = new ArrayList<>();

  private CommandLine(String text, Era era, Consumer<String> log) {
    this.text = text;
    this.era = era;
    this.log = log;
  }

  /**
   * Parses a command line as a kernel of that age does.
   *
   * @param log takes the messages of the parsers
   */
  public static CommandLine parse(String text, Era era, Consumer<String> log) {
    var line = new CommandLine(text, era, log);
    for (String word : text.strip().split("\\s+")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        line.parameter(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return line;
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
      case "intremap" -> intremap.addAll(List.of(value.split(",")));
      case "iommu.passthrough" -> passthrough = isTrue(value);
      case "iommu.strict" -> commonStrict = isTrue(value);
      case "iommu.forcedac" -> forceDac = isTrue(value);
      case "swiotlb" -> swiotlb = value;
      case "memmap" -> memmap(value);
      default -> moduleParameter(name, value);
    }
  }

  /**
   * {@code memmap=SIZE$START}: memory that the kernel leaves alone; other forms say nothing here.
   */
  private void memmap(String value) {
    for (String one : value.split(",")) {
      Matcher matcher = RESERVED.matcher(one);
      if (matcher.matches()) {
        long size = memparse(matcher.group(1), matcher.group(2));
        long start = memparse(matcher.group(3), matcher.group(4));
        if (size > 0 && start >= 0 && start + size > start) {
          reservedMemory.add(AddressRange.ofSize(start, size));
        }
      }
    }
  }

  /** As the kernel's {@code memparse()}; -1 if the number is none. */
  private static long memparse(String number, String suffix) {
    try {
      long shift = "KMG".indexOf(suffix.toUpperCase(Locale.ROOT)) * 10L + 10;
      return Math.multiplyExact(Long.decode(number), 1L << (suffix.isEmpty() ? 0 : shift));
    } catch (NumberFormatException | ArithmeticException e) {
      return -1;
    }
  }

  /** Memory that the command line reserves. */
  public List<AddressRange> reservedMemory() {
    return List.copyOf(reservedMemory);
  }

  /** Other subsystems have parameters too; of modules one matters here. */
  private void moduleParameter(String name, String value) {
    int dot = name.indexOf('.');
    if (dot > 0 && name.substring(dot + 1).equals("allow_unsafe_interrupts")) {
      unsafeInterrupts.put(name.substring(0, dot).replace('-', '_'), isTrue(value));
    }
  }

  private void intelIommu(String option) {
    boolean now = era.atLeast(Era.V5_15);
    switch (option) {
      case "on" -> {
        intelIommu = true;
        print("IOMMU enabled");
      }
      case "off" -> {
        intelIommu = false;
        noPlatformOptIn = true;
        print("IOMMU disabled");
      }
      case "igfx_off" -> {
        gfxMapped = false;
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
      default -> otherIntelIommu(option, now);
    }
  }

  private void otherIntelIommu(String option, boolean now) {
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

  private void print(String message) {
    log.accept("DMAR: " + message);
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
    return value.equals("1") || value.equalsIgnoreCase("y") || value.equals("on");
  }

  /** The whole line. */
  public String text() {
    return text;
  }

  /** {@code intel_iommu=on} or {@code off}, null if the line has neither. */
  public @Nullable Boolean intelIommu() {
    return intelIommu;
  }

  /** {@code intel_iommu=off} also refuses what firmware asks for. */
  public boolean noPlatformOptIn() {
    return noPlatformOptIn;
  }

  /** A trusted launch does not force the IOMMU on. */
  public boolean tbootNoforce() {
    return tbootNoforce;
  }

  /** {@code nobounce} of old kernels: untrusted devices get no bounce buffer. */
  public boolean noBounce() {
    return noBounce;
  }

  /** False after {@code sp_off}. */
  public boolean superpages() {
    return superpages;
  }

  /** {@code sm_on} or {@code sm_off}, null if the line has neither. */
  public @Nullable Boolean scalableAsked() {
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

  /** {@code iommu.strict}, null if the line does not have it. */
  public @Nullable Boolean commonStrict() {
    return commonStrict;
  }

  /** {@code intel_iommu=strict}. */
  public boolean intelStrict() {
    return intelStrict;
  }

  /** The text behind {@code swiotlb=}, empty without. */
  public String swiotlb() {
    return swiotlb;
  }

  /** {@code intremap=off} is not given. */
  public boolean interruptRemapping() {
    return !intremap.contains("off");
  }

  /** {@code MODULE.allow_unsafe_interrupts}, or what holds without it. */
  public boolean allowsUnsafeInterrupts(String module, boolean otherwise) {
    return unsafeInterrupts.getOrDefault(module, otherwise);
  }

  /** {@code intremap=nosid} is not given: entries tell who may use them. */
  public boolean validatesInterruptSources() {
    return !intremap.contains("nosid");
  }

  /** {@code intremap=no_x2apic_optout}: firmware's wish to stay with 8-bit APIC ids is ignored. */
  public boolean ignoresX2apicOptOut() {
    return intremap.contains("no_x2apic_optout");
  }
}
