package org.iommulab.lab.advice;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Command;
import org.iommulab.linux.GroupView;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** Explains refused requests by what drivers have mapped: K20, K21, K23, K25, K34, T01, T15. */
final class FaultWatch implements Watcher {

  private static final int SCAN_REQUESTS = 8;
  private static final int SCAN_PAGES = 4;

  private static final class Scan {
    private int requests;
    private final Set<Long> pages = new HashSet<>();
  }

  private final Mappings mappings;
  private final ProcessAreas areas;
  private final Map<SourceId, Scan> scans = new HashMap<>();

  FaultWatch(Mappings mappings, ProcessAreas areas) {
    this.mappings = mappings;
    this.areas = areas;
  }

  @Override
  public void see(Step step) {
    if (step.command() instanceof Command.LinuxBoot || step.command() instanceof Command.Reset) {
      scans.clear();
    }
    for (Seen.Request request : step.requests()) {
      if (request.blocked()) {
        refused(step, request);
      } else if (request.arrived()) {
        beyond(step, request);
      }
    }
  }

  private void refused(Step step, Seen.Request request) {
    SourceId source = request.access().source();
    long address = request.address();
    String name = step.name(source);
    FaultReason reason = request.chunk().reason();
    Optional<Live> held = mappings.holding(source, address);
    if (held.isPresent()) {
      direction(step, request, held.get(), name, reason);
      return;
    }
    Mappings.Gone gone = mappings.wasLive(source, address, step.timeNs());
    Optional<Live> other = mappings.ofOther(source, address);
    Optional<Live> physical = mappings.lying(address, 1);
    if (gone != null) {
      raise(step, "K20", gone.live(), gone.step(), name, Digits.bare(address), gone.step());
    } else if (physical.isPresent() && physical.get().device.source().equals(source)) {
      Live one = physical.get();
      raise(step, "K23", one, one.step, name, Digits.bare(address), Digits.bare(one.address));
    } else if (mappings.buffer(address, 1).isPresent() && !mappings.of(source).isEmpty()) {
      Live one = mappings.of(source).getLast();
      raise(step, "K23", one, one.step, name, Digits.bare(address), Digits.bare(one.address));
    } else if (other.isPresent() && !sameGroup(step, source, other.get().device.source())) {
      Live one = other.get();
      raise(step, "K25", one, one.step, name, Digits.bare(address), one.device.name());
    } else if (!unused(step, request, name)) {
      scan(step, source, address, name);
    }
  }

  private static void raise(Step step, String rule, Live mapping, int since, Object... says) {
    step.raise(
        rule,
        List.of(says[0], mapping.address, since),
        List.of(
            Evidence.command(mapping.step),
            Evidence.command(step.number()),
            Evidence.mapping(mapping.address)),
        List.of(),
        says);
  }

  private static void direction(
      Step step, Seen.Request request, Live mapping, String name, @Nullable FaultReason reason) {
    boolean wrong =
        request.writes() ? !mapping.direction.fromDevice() : !mapping.direction.toDevice();
    if (wrong) {
      raise(
          step,
          "K21",
          mapping,
          mapping.step,
          Digits.bare(mapping.address),
          mapping.direction,
          mapping.step,
          name,
          request.verb());
    }
  }

  private static boolean sameGroup(Step step, SourceId one, SourceId other) {
    return step.kernel().map(kernel -> kernel.groups()).orElse(List.of()).stream()
        .map(GroupView::devices)
        .anyMatch(devices -> devices.contains(one) && devices.contains(other));
  }

  /** K34: a device that a process owns reached for what the process has not mapped. */
  private boolean unused(Step step, Seen.Request request, String name) {
    SourceId source = request.access().source();
    long address = request.address();
    boolean owned =
        step.kernel().map(kernel -> kernel.groups()).orElse(List.of()).stream()
            .anyMatch(
                group -> group.devices().contains(source) && areas.isAssigned(step, source, group));
    if (!owned) {
      return false;
    }
    int since = request.writes() ? areas.readOnlySince(address) : -1;
    if (since >= 0) {
      step.raise(
          "K21",
          List.of(source, address & -4096L),
          List.of(Evidence.command(since), Evidence.command(step.number())),
          List.of(),
          Digits.bare(address),
          Wording.READ_ONLY.with(),
          since,
          name,
          Wording.TO_WRITE.with());
      return true;
    }
    Bilingual what = areas.describe(address);
    step.raise(
        "K34",
        List.of(source, address & -4096L),
        List.of(Evidence.command(step.number())),
        List.of(),
        name,
        Digits.bare(address),
        what);
    return true;
  }

  private void scan(Step step, SourceId source, long address, String name) {
    boolean near =
        mappings.of(source).stream()
            .anyMatch(one -> Math.abs(one.address - address) < 16L * 4096 + one.size);
    if (near) {
      return;
    }
    Scan scan = scans.computeIfAbsent(source, none -> new Scan());
    scan.requests++;
    if (scan.pages.size() < 10_000) {
      scan.pages.add(address >>> 12);
    }
    if (scan.requests >= SCAN_REQUESTS && scan.pages.size() >= SCAN_PAGES) {
      step.raise(
          "T15",
          source,
          List.of(Evidence.command(step.number())),
          step.kernel().isPresent()
              ? List.of(Remedy.call("iommu_detach_group", "\"dev\":\"" + name + "\""))
              : List.of(),
          scan.requests,
          name,
          scan.pages.size());
    }
  }

  /** T01: bytes that share a page with a buffer, but are not the buffer's. */
  private void beyond(Step step, Seen.Request request) {
    SourceId source = request.access().source();
    long address = request.address();
    long last = address + Math.max(request.chunk().length(), 1) - 1;
    boolean inside = mappings.holding(source, address).isPresent();
    boolean wholly = mappings.holding(source, last).isPresent();
    Optional<Live> page = mappings.onPage(source, address);
    if (inside && wholly || page.isEmpty() || page.get().bounced || !page.get().streaming()) {
      return;
    }
    boolean translated = DmaCall.translated(step, page.get().device);
    if (translated) {
      Live one = page.get();
      raise(
          step,
          "T01",
          one,
          one.step,
          step.name(source),
          Digits.bare(inside ? last : address),
          one.size,
          Digits.bare(one.address));
    }
  }
}
