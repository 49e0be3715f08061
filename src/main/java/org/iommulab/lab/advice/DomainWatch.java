package org.iommulab.lab.advice;

import java.util.List;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.machine.Machine;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.dma.DmaView;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.tables.ReverseMapping;
import org.iommulab.words.Bilingual;

/** Domains as a whole: K43, K44, T02, T07, T16, T17. */
final class DomainWatch implements Watcher {

  private static final long LARGE = 2L << 20;

  private final Machine machine;
  private final Mappings mappings;

  DomainWatch(Machine machine, Mappings mappings) {
    this.machine = machine;
    this.mappings = mappings;
  }

  @Override
  public void see(Step step) {
    switch (step.function()) {
      case "iommu_map" -> map(step);
      case "iommu_attach_group" -> attach(step);
      case "kfree" -> freed(step);
      default -> {}
    }
    for (Seen.Request request : step.requests()) {
      if (request.arrived()) {
        lazily(step, request);
        nested(step, request);
      }
    }
  }

  // ---- lazy mode -------------------------------------------------------------------------------

  private void lazily(Step step, Seen.Request request) {
    for (DmaView.Exposed range :
        step.kernel().map(kernel -> kernel.dma().exposed()).orElse(List.of())) {
      boolean inside =
          request.address() >= range.iova() && request.address() - range.iova() < range.size();
      boolean theirs =
          step.kernel().map(Kernel::domains).orElse(List.of()).stream()
              .anyMatch(
                  domain ->
                      domain.id() == range.domain()
                          && domain.devices().stream()
                              .anyMatch(
                                  d -> machine.requester(d).equals(request.access().source())));
      if (inside && theirs) {
        raiseLazy(step, range, Wording.JUST_DID.with(step.name(request.access().source())));
      }
    }
  }

  private static void raiseLazy(Step step, DmaView.Exposed range, Bilingual what) {
    step.raise(
        "T02",
        List.of(range.iova(), range.sinceNs()),
        List.of(Evidence.command(step.number()), Evidence.mapping(range.iova())),
        List.of("{\"op\":\"clock.advance\",\"ms\":20}"),
        Digits.bare(range.iova()),
        (step.timeNs() - range.sinceNs()) / 1_000_000,
        what);
  }

  // ---- freed pages -----------------------------------------------------------------------------

  private void freed(Step step) {
    long pointer = step.number(0, "ptr", "cpu_addr", "phys");
    long physical = step.kernel().map(kernel -> kernel.dma().physical(pointer)).orElse(pointer);
    if (physical < 0 || mappings.lying(physical, 4096).isPresent()) {
      return;
    }
    for (RemappingUnit unit : machine.units()) {
      var browser = new Shadow(unit, machine.memory()).browser();
      if (browser.translationEnabled()) {
        for (ReverseMapping found : browser.mappingsOf(physical, 4)) {
          if (found.iova() != physical) {
            int domain =
                browser.uses().stream()
                    .filter(use -> use.table().equals(found.table()))
                    .map(use -> use.domainId())
                    .findFirst()
                    .orElse(0);
            step.raise(
                "K44",
                physical,
                List.of(Evidence.command(step.number()), Evidence.mapping(found.iova())),
                List.of(),
                Digits.bare(physical),
                domain,
                Digits.bare(found.iova()));
            return;
          }
        }
      }
    }
    // The IOTLB of a lazy domain still grants it.
    for (DmaView.Exposed range :
        step.kernel().map(kernel -> kernel.dma().exposed()).orElse(List.of())) {
      for (RemappingUnit unit : machine.units()) {
        for (CacheLine line : unit.iotlb()) {
          boolean same =
              line.page() < range.iova() + range.size() && range.iova() < line.page() + line.size();
          boolean frame = physical >= line.frame() && physical - line.frame() < line.size();
          if (same && frame && !line.negative()) {
            raiseLazy(step, range, Wording.JUST_FREED.with());
            return;
          }
        }
      }
    }
  }

  // ---- maps ------------------------------------------------------------------------------------

  private void map(Step step) {
    if (step.errno() != null) {
      return;
    }
    long iova = step.number(0, "iova");
    long physical = step.number(0, "paddr");
    long size = step.number(0, "size");
    long buffers = mappings.bytesWithin(physical, size);
    boolean image = physical <= 0x100_0000L && physical + size > 0x100_0000L;
    boolean whole = size >= 1L << 30;
    if ((image || whole) && size > 16 * buffers && iova != physical) {
      step.raise(
          "T07",
          iova,
          List.of(Evidence.command(step.number()), Evidence.mapping(iova)),
          List.of(),
          size,
          Digits.bare(physical),
          buffers);
    }
    Capabilities caps = machine.unit().configuration().capabilities();
    boolean shifted = ((iova ^ physical) & (LARGE - 1)) != 0;
    boolean odd = !shifted && (iova & (LARGE - 1)) != 0 && size < 2 * LARGE;
    if (size >= LARGE && (shifted || odd) && caps.supportsLeaf(2)) {
      step.raise(
          "T17",
          iova,
          List.of(Evidence.command(step.number()), Evidence.mapping(iova)),
          List.of(),
          Digits.bare(iova),
          Digits.bare(physical),
          size >>> 12);
    }
  }

  /** T16: a device of other trust joins. */
  private void attach(Step step) {
    if (step.errno() != null) {
      return;
    }
    PciDevice joining = step.device(step.args().getOrDefault("dev", "")).orElse(null);
    if (joining == null) {
      return;
    }
    for (var domain : step.kernel().map(Kernel::domains).orElse(List.of())) {
      boolean in = domain.devices().contains(joining.source());
      for (SourceId other : in ? domain.devices() : List.<SourceId>of()) {
        PciDevice there = step.device(other.toString()).orElse(null);
        if (there == null || there == joining || sameGroup(step, joining, there)) {
          continue;
        }
        boolean rogue = isRogue(step, joining) != isRogue(step, there);
        boolean shared = !domain.type().toLowerCase(java.util.Locale.ROOT).contains("block");
        if (rogue && shared) {
          PciDevice bad = isRogue(step, joining) ? joining : there;
          PciDevice good = bad == joining ? there : joining;
          step.raise(
              "T16",
              domain.id(),
              List.of(Evidence.command(step.number())),
              List.of(Remedy.call("iommu_detach_group", "\"dev\":\"" + bad.name() + "\"")),
              bad.name(),
              good.name());
        }
      }
    }
  }

  private static boolean isRogue(Step step, PciDevice device) {
    return device.kind() == PciDevice.Kind.ROGUE || DmaCall.untrusted(step, device);
  }

  private static boolean sameGroup(Step step, PciDevice one, PciDevice other) {
    return step.kernel().map(Kernel::groups).orElse(List.of()).stream()
        .anyMatch(
            group ->
                group.devices().contains(one.source()) && group.devices().contains(other.source()));
  }

  // ---- nested ----------------------------------------------------------------------------------

  /** K43: served by a nested line that the guest's tables no longer grant. */
  private void nested(Step step, Seen.Request request) {
    RemappingUnit unit = machine.unit(request.access().source()).orElse(null);
    if (unit == null || step.kernel().isEmpty()) {
      return;
    }
    boolean isNested =
        step.kernel().orElseThrow().iommufdObjects().stream()
            .anyMatch(
                object -> object.type().toLowerCase(java.util.Locale.ROOT).contains("nested"));
    if (!isNested) {
      return;
    }
    for (CacheLine line : unit.iotlb()) {
      boolean holds =
          request.address() >= line.page() && request.address() - line.page() < line.size();
      if (holds
          && line.source() == request.access().source().value()
          && line.pasid() >= 0
          && unit.grantsTooMuch(line)) {
        step.raise(
            "K43",
            line.page(),
            List.of(Evidence.command(step.number()), Evidence.line(line.page())),
            List.of(),
            Digits.bare(request.address()),
            step.name(request.access().source()));
      }
    }
  }
}
