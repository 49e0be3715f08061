package org.iommulab.evidence.log;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.evidence.log.LogSign.Kind;

/** Lines beside the faults: what devices, drivers and the machine did at that time. */
final class SignGrammar {

  private static final Map<Kind, List<String>> SIGNS =
      Map.ofEntries(
          Map.entry(
              Kind.RESUME,
              List.of(
                  "waking up from system sleep",
                  "restarting tasks",
                  "pm: suspend exit",
                  "pci_pm_resume",
                  "resume devices",
                  "low-level resume complete",
                  "failed to resume",
                  "finishing wakeup from acpi",
                  "finished suspending")),
          Map.entry(
              Kind.GPU_HANG,
              List.of(
                  "gpu hang",
                  "engine reset request failed",
                  "resetting rcs0",
                  "fault errors on pipe",
                  "flip_done timed out")),
          Map.entry(Kind.GPU_FIRMWARE, List.of("guc ", "guc_", "huc ", "gt0: guc")),
          Map.entry(
              Kind.VFIO,
              List.of(
                  "vfio",
                  "qemu-system",
                  "virtio_iommu",
                  "virtio-iommu",
                  "guest kernel",
                  "crosvm",
                  "libvirt",
                  "gpu passthrough",
                  "pci passthrough",
                  "passing through",
                  "passed through",
                  "passthrough to")),
          Map.entry(
              Kind.VFIO_REFUSED,
              List.of(
                  "due to platform rmrr requirement",
                  "requested this device have a 1:1",
                  "with shared rmrr")),
          Map.entry(Kind.VMD, List.of("vmd 0000", "bound to pci domain 1")),
          Map.entry(
              Kind.VIRTUAL_FUNCTION,
              List.of("mlx5_core", "mlx4_core", "ixgbevf", "iavf ", "sriov", "sr-iov")),
          Map.entry(
              Kind.LINK,
              List.of(
                  "link is down",
                  "link down",
                  "pciehp",
                  "surprise",
                  "card not present",
                  "unable to change power state",
                  "device inaccessible",
                  "aer:")),
          Map.entry(
              Kind.DOMAIN_CHANGE,
              List.of("non-identity mapping", "using iommu dma mapping", "private dma domain")),
          Map.entry(
              Kind.KDUMP,
              List.of(
                  "elfcorehdr",
                  "copied ir table",
                  "copied translation tables",
                  "kexec",
                  "kdump",
                  "crash kernel")),
          Map.entry(
              Kind.LEFT_ON,
              List.of(
                  "was enabled on dmar",
                  "translation was enabled for",
                  "translation already enabled")),
          Map.entry(
              Kind.OOPS, List.of("unable to handle", "kernel bug at", "general protection fault")),
          Map.entry(
              Kind.DRIVER_ERROR,
              List.of(
                  "cancel",
                  "set tr deq ptr",
                  "abort",
                  "timed out",
                  "timeout",
                  "softreset failed",
                  "qc timeout",
                  "error writing",
                  "failed to",
                  "halted",
                  "unit hang",
                  "not responding",
                  "host system error",
                  "controller lockup",
                  "controller is down",
                  "fault_state(")),
          Map.entry(
              Kind.IO_ERROR, List.of("i/o error", "i/o cmd", "filesystem has been shut down")),
          Map.entry(
              Kind.DEVICE_FIRMWARE,
              List.of("firmware crash", "firmware has", "need flr", "not ready")),
          Map.entry(Kind.PLATFORM_GROUP, List.of("platform ")),
          Map.entry(
              Kind.VIRTUAL_MACHINE,
              List.of(
                  "qemu standard pc",
                  "hypervisor detected",
                  "disallowed due to virtualization",
                  "vtd_iova_to_",
                  "vtd_iommu_translate",
                  "vtd_dmar_fault",
                  "vtd_report_")),
          Map.entry(
              Kind.TRANSLATION_ON,
              List.of(
                  "for directed i/o",
                  "setting rmrr:",
                  ": using queued invalidation",
                  "force enabled due to platform opt in",
                  "unity mapping for lpc",
                  "iommu_enable_translation",
                  "i/o virtualisation enabled")),
          Map.entry(Kind.NVS, List.of("acpi nvs")),
          Map.entry(
              Kind.OTHER_IOMMU,
              List.of("arm-smmu", "riscv-iommu", "riscv,iommu", "apple-dart", "exynos-sysmmu")),
          Map.entry(Kind.TOO_WIDE, List.of("is not sufficient for the mapped address")),
          Map.entry(
              Kind.PAGE_REQUEST,
              List.of(
                  "invalid page request",
                  "page request for invalid pasid",
                  "page request without pasid",
                  "page request in privilege mode",
                  "execution request not supported",
                  "address is not canonical",
                  "prq overflow detected",
                  "failed to enable prq",
                  "prq: failed")),
          Map.entry(
              Kind.QUEUE_STALL,
              List.of("qi_submit_sync", "qi_flush_", "dmar_fault_do_one", "qi_check_fault")),
          Map.entry(
              Kind.UNUSABLE_TABLE,
              List.of(
                  "parse dmar table failure",
                  "failed to allocate seq_id",
                  "no dmar devices found",
                  "unable to map dmar",
                  "invalid dmar haw",
                  "invalid 0-length structure",
                  "record passes table end",
                  "no drhd structure",
                  "checksum in table [dmar]",
                  "rmrr ends before it starts",
                  "rmrr exceeds permitted address width")),
          Map.entry(
              Kind.NO_REMAPPING, List.of("irq-injection attacks", "failed to setup irq remapping")),
          Map.entry(Kind.NOT_VIABLE, List.of("is not viable")),
          Map.entry(
              Kind.NO_GUEST_INTERRUPTS,
              List.of("allow_unsafe_interrupts", "no interrupt remapping for this platform")),
          Map.entry(Kind.ALREADY_MAPPED, List.of("dma pte for vpfn")),
          Map.entry(Kind.NO_ADDRESSES, List.of("-page iova for")),
          Map.entry(Kind.NO_BOUNCE, List.of("swiotlb buffer is full")),
          Map.entry(Kind.AMD_FAULT, List.of("event logged [io_page_fault")),
          Map.entry(
              Kind.AMD_TIMEOUT, List.of("[iotlb_inv_timeout", "completion-wait loop timed out")),
          Map.entry(Kind.AMD_ENTRY, List.of("[illegal_dev_table_entry")),
          Map.entry(Kind.AMD_REQUEST, List.of("[invalid_device_request")),
          Map.entry(
              Kind.MAP_REFUSED,
              List.of(
                  "vfio_map_dma",
                  "vfio_dma_map(",
                  "vfio_dma_unmap(",
                  "vfio_container_dma_map(",
                  "vfio_container_dma_unmap(",
                  "ioas_map failed",
                  "ioas_unmap failed",
                  "rlimit_memlock",
                  "failed to dma map")),
          Map.entry(
              Kind.ATTACH_REFUSED,
              List.of(
                  "failed to set iommu for container",
                  "no iommu_group for device",
                  "no iommu_group found",
                  "used in multiple address spaces",
                  "/dev/vfio/")),
          Map.entry(
              Kind.CHECKER,
              List.of(
                  "bug: kcsan",
                  "bug: kasan",
                  "inconsistent lock state",
                  "possible circular locking",
                  "possible recursive locking",
                  "irq lock inversion",
                  "suspicious rcu usage",
                  "invalid wait context")),
          Map.entry(
              Kind.EMULATED_UNIT, List.of("vtd_iova_to_", "vtd_iommu_translate", "vtd_dmar_fault")),
          Map.entry(Kind.DEAD_TIMER, List.of("timer doesn't work through")),
          Map.entry(Kind.GROUP, List.of("adding to iommu group", "iommu: adding device")),
          Map.entry(
              Kind.DRIVER_MISTAKE,
              List.of("dma-api:", "at kernel/dma/mapping.c", "at kernel/dma/direct.")),
          Map.entry(
              Kind.PROBE_FAILED,
              List.of("probe of ", "probe with driver", "probe failed", "init_one failed")),
          Map.entry(
              Kind.STOLEN, List.of("stolen reserved area", "reserving intel graphics memory")),
          Map.entry(Kind.SECURITY_CHIP, List.of("tpm tpm", "tpm_crb", "tpm_tis")),
          Map.entry(Kind.PLATFORM_ERROR, List.of("pci system error (serr)")),
          Map.entry(Kind.NO_ENTRY, List.of("has an empty entry")),
          Map.entry(Kind.REMOVED, List.of("removing from iommu group")),
          Map.entry(
              Kind.DRIVER_CRASH,
              List.of(
                  "0010:intel_iommu_",
                  "0010:intel_svm_",
                  "0010:intel_pasid_",
                  "0010:iommu_",
                  "0010:domain_",
                  "0010:dmar_",
                  "0010:device_to_iommu",
                  "0010:vfio_",
                  "0010:iommufd_",
                  "0010:amd_iommu_",
                  "kernel bug at drivers/vfio",
                  "kernel bug at drivers/iommu")),
          Map.entry(
              Kind.NON_TRANSPARENT,
              List.of("switchtec", "ntb_", "ntb link", " ntb:", "non-transparent bridge")),
          Map.entry(Kind.NO_SHARED_ADDRESSES, List.of("svm disabled, incompatible")),
          Map.entry(
              Kind.GPU_DRIVER,
              List.of("nouveau 0000:", "amdgpu 0000:", "radeon 0000:", "nvidia 0000:", "nvrm:")),
          Map.entry(Kind.FRAMEBUFFER, List.of("efifb", "simplefb", "framebuffer at")));

  static final String[] WORDS =
      SIGNS.values().stream().flatMap(List::stream).distinct().toArray(String[]::new);

  /** Each sign by the bit of its number. */
  private static final Keywords KINDS =
      new Keywords(
          SIGNS.entrySet().stream()
              .flatMap(
                  sign ->
                      sign.getValue().stream()
                          .map(word -> new Keywords.Word(word, 1L << sign.getKey().ordinal())))
              .toList());

  /** Texts that mail software breaks and that are worth joining. */
  private static final List<String> BROKEN =
      List.of(
          "Queued invalidation will be enabled to support x2apic",
          "IRQ remapping doesn't support X2APIC mode",
          "x2apic is disabled because BIOS sets x2apic opt out bit",
          "functionality not available on this system",
          "Enabled IRQ remapping in x2apic mode",
          "Enabled IRQ remapping in xapic mode",
          "Virtualization Technology for Directed I/O",
          "Enable scalable mode if hardware supports",
          "TLB invalidation policy: lazy mode",
          "Default domain type: Translated",
          "Forcing write-buffer flush capability",
          "Disabling IOMMU for graphics on this chipset",
          "Skip IOMMU disabling for graphics",
          "This system BIOS has enabled interrupt remapping",
          "Intel-IOMMU force enabled due to platform opt in",
          "No firmware reserved region can cover this RMRR",
          "Using Queued invalidation");

  private static final Pattern DEVICE =
      Pattern.compile("\\b([0-9a-f]{4,5}):([0-9a-f]{2}:[0-9a-f]{2}\\.[0-7])\\b");
  private static final Pattern MEMORY =
      Pattern.compile(
          "(?:BIOS-e820|reserve setup_data): \\[mem 0x([0-9a-f]{1,16})-0x([0-9a-f]{1,16})\\] (.*)");
  private static final Pattern OLD_MEMORY =
      Pattern.compile(
          "\\[?\\b([0-9a-f]{16})(?: - |, )([0-9a-f]{16})\\]?"
              + " \\(((?:usable|reserved|ACPI)[^)]{0,12})\\)");
  private static final Pattern WINDOW =
      Pattern.compile(
          "\\b(?:[0-9a-f]{4}:)?([0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]): (?:added peer-to-peer DMA"
              + " memory|BAR \\d|reg (?:0x)?[1-3][0-9a-f])\\b[^\\[]{0,40}\\[mem"
              + " 0x([0-9a-f]{1,16})-0x([0-9a-f]{1,16})\\b");
  private static final Pattern VERSION = Pattern.compile("Linux version (\\S{1,120})");
  private static final Pattern OOPS_VERSION =
      Pattern.compile("(?:Not tainted|Tainted: [A-Z ]{1,40}) (\\d+\\.\\d+\\S{0,100}) ");
  private static final Pattern UNOPENED =
      Pattern.compile("open\\w* .*/dev/vfio/.*(?:busy|no such file|denied|not permitted)");
  private static final Pattern FAILED =
      Pattern.compile("= -\\d|failed|: -\\d{1,3}\\b|rlimit_memlock");
  private static final Pattern MACHINE = Pattern.compile("(?:DMI|Hardware name): (.{1,300})");
  private static final Kind[] KIND = Kind.values();
  private static final int MOST_DEVICES = 4096;
  private static final int SHORTEST = 7;

  private final LogFacts facts;

  SignGrammar(LogFacts facts) {
    this.facts = facts;
  }

  /** Texts that mail software breaks and that are worth joining. */
  static boolean isUnfinished(LogLine line) {
    String text = line.text();
    for (String known : BROKEN) {
      int from = Math.max(0, text.length() - known.length() + 1);
      String head = known.substring(0, SHORTEST);
      for (int at = text.indexOf(head, from); at >= 0; at = text.indexOf(head, at + 1)) {
        if (text.regionMatches(at, known, 0, text.length() - at)) {
          return true;
        }
      }
    }
    return false;
  }

  void read(LogLine line) {
    String text = line.text();
    String small = text.toLowerCase(Locale.ROOT);
    for (long kinds = KINDS.in(small); kinds != 0; kinds &= kinds - 1) {
      Kind kind = KIND[Long.numberOfTrailingZeros(kinds)];
      if (fits(kind, small)) {
        facts.sign(kind, line);
      }
    }
    if (mayName(small)) {
      devices(line, small);
    }
    machine(line, text);
  }

  /** A look before the search: a point and a colon as in {@code 00:1f.2}. */
  private static boolean mayName(String text) {
    for (int at = text.indexOf('.', 9); at > 0; at = text.indexOf('.', at + 1)) {
      if (text.charAt(at - 3) == ':' && text.charAt(at - 6) == ':') {
        return true;
      }
    }
    return false;
  }

  private void devices(LogLine line, String small) {
    Matcher device = DEVICE.matcher(small);
    boolean named = false;
    while (device.find()) {
      named = true;
      if (facts.devices.size() < MOST_DEVICES) {
        facts.devices.add(device.group(2));
      }
    }
    if (named) {
      facts.sign(Kind.DEVICE, line);
    }
  }

  private static boolean fits(Kind kind, String text) {
    return switch (kind) {
      case PLATFORM_GROUP -> text.startsWith("platform ") && text.contains("iommu group");
      case VFIO -> !text.contains("command line");
      case QUEUE_STALL -> !text.contains("detected invalidation");
      case ALREADY_MAPPED -> text.contains("already set");
      case NO_ADDRESSES -> text.contains("failed");
      case NOT_VIABLE -> text.contains("group");
      case OOPS -> !text.contains("unable to handle") || text.contains("bug:");
      case KDUMP -> !text.contains("not in kdump") && !text.contains("systemd");
      case MAP_REFUSED -> FAILED.matcher(text).find();
      case DRIVER_MISTAKE ->
          text.contains("device driver") || text.contains("cacheline") || text.contains("warning:");
      case ATTACH_REFUSED -> !text.contains("/dev/vfio/") || UNOPENED.matcher(text).find();
      case PROBE_FAILED -> text.contains("fail") || text.contains("error");
      case DRIVER_ERROR, DEVICE_FIRMWARE -> !text.contains("dmar") && !text.contains("amd-vi");
      default -> true;
    };
  }

  private void machine(LogLine line, String text) {
    Keywords.match(
        "[mem 0x",
        MEMORY,
        text,
        memory ->
            LogFacts.add(
                facts.memoryMap,
                new MemoryMapLine(
                    line.number(),
                    Long.parseUnsignedLong(memory.group(1), 16),
                    Long.parseUnsignedLong(memory.group(2), 16),
                    memory.group(3).strip())));
    Keywords.match(
        "Linux version ",
        VERSION,
        text,
        version -> {
          facts.announced(line.number());
          facts.kernelVersion = version.group(1);
        });
    if (facts.kernelVersion == null) {
      Keywords.match("ainted", OOPS_VERSION, text, crash -> facts.kernelVersion = crash.group(1));
    }
    Keywords.match(
        "(",
        OLD_MEMORY,
        text,
        old -> {
          long end = Long.parseUnsignedLong(old.group(2), 16);
          LogFacts.add(
              facts.memoryMap,
              new MemoryMapLine(
                  line.number(),
                  Long.parseUnsignedLong(old.group(1), 16),
                  old.group().contains(" - ") ? end - 1 : end,
                  old.group(3)));
        });
    Keywords.match(
        "[mem",
        WINDOW,
        text,
        window ->
            LogFacts.add(
                facts.memoryMap,
                new MemoryMapLine(
                    line.number(),
                    Long.parseUnsignedLong(window.group(2), 16),
                    Long.parseUnsignedLong(window.group(3), 16),
                    window.group(1))));
    if (facts.hardware == null) {
      Keywords.match(": ", MACHINE, text, hardware -> facts.hardware = hardware.group(1).strip());
    }
  }
}
