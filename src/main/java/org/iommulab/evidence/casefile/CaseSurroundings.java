package org.iommulab.evidence.casefile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.context.Interrupts;
import org.iommulab.evidence.context.IoMemory;
import org.iommulab.evidence.context.KernelConfig;
import org.iommulab.evidence.context.PciList;
import org.iommulab.evidence.diagnosis.Finding.Evidence;
import org.iommulab.evidence.diagnosis.Surroundings;
import org.iommulab.evidence.kind.Kind;
import org.iommulab.evidence.log.FaultTally;
import org.iommulab.evidence.trace.Event;
import org.iommulab.evidence.trace.Mappings;
import org.iommulab.evidence.trace.Trace;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.words.Bilingual;

/** Answers the diagnosis from all files of a case, each answer with the line it stands on. */
final class CaseSurroundings implements Surroundings {

  private static final int MOST_INTERRUPTS = 3;

  private final Case opened;

  CaseSurroundings(Case opened) {
    this.opened = opened;
  }

  @Override
  public Optional<Memory> memory(long address) {
    return opened.memory().map(map -> kind(map, address));
  }

  private static Memory kind(IoMemory map, long address) {
    if (map.isReserved(address)) {
      return Memory.RESERVED;
    }
    if (map.isRam(address)) {
      return Memory.RAM;
    }
    return map.at(address).filter(range -> range.depth() > 0).isPresent()
        ? Memory.DEVICE
        : Memory.NOTHING;
  }

  @Override
  public Optional<String> device(String bdf) {
    return opened.devices().flatMap(list -> list.name(bdf));
  }

  @Override
  public boolean knowsDevices() {
    return opened.devices().isPresent();
  }

  @Override
  public Optional<String> ids(String bdf) {
    return opened.devices().map(list -> list.devices().get(bdf)).flatMap(device -> device.ids());
  }

  @Override
  public Optional<String> owner(long address) {
    return opened.memory().flatMap(map -> map.at(address)).map(IoMemory.Range::name);
  }

  @Override
  public Optional<Integer> group(String bdf) {
    return opened.groups().flatMap(groups -> groups.of(bdf));
  }

  private Evidence evidence(Kind kind, long line, String text) {
    return evidence(kind, line, Bilingual.same(text));
  }

  private Evidence evidence(Kind kind, long line, Bilingual text) {
    return new Evidence(opened.file(kind).orElse(kind.words().english()), line, text);
  }

  @Override
  public List<Evidence> facts(Refused request) {
    var facts = new ArrayList<Evidence>();
    opened
        .memory()
        .flatMap(map -> map.ram(request.address()).or(() -> map.at(request.address())))
        .ifPresent(range -> facts.add(evidence(Kind.IOMEM, range.line(), range.text())));
    Optional<PciList.Device> device =
        opened.devices().map(list -> list.devices().get(request.bdf()));
    device.ifPresent(
        found ->
            facts.add(
                evidence(
                    Kind.LSPCI,
                    found.line(),
                    Bilingual.of(
                        "%s %s%s",
                        "%s %s%s",
                        request.bdf(),
                        found.name(),
                        found
                            .driver()
                            .map(driver -> Bilingual.of(", driver %s", "，驱动 %s", driver))
                            .orElse(Bilingual.same(""))))));
    if (device.isEmpty() && knowsDevices()) {
      facts.add(
          evidence(
              Kind.LSPCI, 0, Bilingual.of("%s is not in the list", "列表中没有 %s", request.bdf())));
    }
    group(request.bdf()).ifPresent(number -> facts.add(group(number)));
    interrupts(request.bdf(), device.flatMap(PciList.Device::driver)).forEach(facts::add);
    return facts;
  }

  private Evidence group(int number) {
    List<String> members =
        opened.groups().map(groups -> groups.members().get(number)).orElse(List.of());
    String type =
        opened.groups().map(groups -> groups.types().get(number)).map(t -> ", " + t).orElse("");
    return evidence(
        Kind.GROUPS,
        0,
        Bilingual.of("group %d%s: %s", "组 %d%s：%s", number, type, String.join(", ", members)));
  }

  private List<Evidence> interrupts(String bdf, Optional<String> driver) {
    Interrupts all = opened.interrupts().orElse(null);
    if (all == null) {
      return List.of();
    }
    List<Interrupts.Row> rows = all.of(bdf);
    if (rows.isEmpty()) {
      rows = driver.map(all::ofDriver).orElse(List.of());
    }
    return rows.stream()
        .limit(MOST_INTERRUPTS)
        .map(
            row ->
                evidence(
                    Kind.INTERRUPTS,
                    row.line(),
                    Bilingual.of(
                        "%d: %d times, %s", "%d：%d 次，%s", row.number(), row.count(), row.words())))
        .toList();
  }

  @Override
  public Optional<Mapped> mapped(Refused request) {
    Snapshot snapshot = witness(request).orElse(null);
    SourceId source = SourceId.parse(request.bdf()).orElse(null);
    if (snapshot == null || source == null || !snapshot.tables().translationEnabled()) {
      return Optional.empty();
    }
    Whereabouts found =
        Whereabouts.of(snapshot.tables(), source, request.pasid(), request.address());
    if (found.domain() < 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Mapped(
            found.at().map(range -> range.rights().read()).orElse(false),
            found.at().map(range -> range.rights().write()).orElse(false),
            found.behind(),
            found.alias().filter(range -> range.iova() != range.physical()).isPresent(),
            proof(snapshot, found)));
  }

  /** The snapshot that shows the first fault of that requester and address. */
  private Optional<Snapshot> witness(Refused request) {
    return opened.logs().stream()
        .flatMap(log -> log.tallies().stream())
        .map(FaultTally::first)
        .filter(fault -> request.bdf().equals(fault.bdf()))
        .filter(fault -> Objects.equals(fault.address(), request.address()))
        .findFirst()
        .flatMap(opened::snapshot)
        .or(() -> opened.snapshots().stream().findFirst());
  }

  private static List<Evidence> proof(Snapshot snapshot, Whereabouts found) {
    var proof = new ArrayList<Evidence>();
    proof.add(
        new Evidence(
            CaseExplanation.named(snapshot),
            0,
            Bilingual.of(
                "domain %d maps %d ranges; %s",
                "域 %d 映射了 %d 个区间；%s", found.domain(), found.ranges(), found.end().words())));
    found.at().ifPresent(range -> proof.add(range(snapshot, "it lies in %s", "它位于 %s", range)));
    if (found.at().isEmpty()) {
      found
          .below()
          .ifPresent(range -> proof.add(range(snapshot, "nearest below: %s", "其前最近：%s", range)));
      found
          .above()
          .ifPresent(range -> proof.add(range(snapshot, "nearest above: %s", "其后最近：%s", range)));
    }
    found
        .alias()
        .filter(range -> range.iova() != range.physical())
        .ifPresent(
            range ->
                proof.add(range(snapshot, "the same memory is mapped at %s", "同一内存映射在 %s", range)));
    return proof;
  }

  private static Evidence range(
      Snapshot snapshot, String english, String chinese, MappedRange range) {
    return new Evidence(snapshot.source(), 0, Bilingual.of(english, chinese, Reach.words(range)));
  }

  @Override
  public Optional<Unmapped> unmapped(Refused request) {
    if (Double.isNaN(request.seconds())) {
      return Optional.empty();
    }
    for (Trace trace : opened.traces()) {
      Optional<Event> end =
          trace.mappings().latestEnd(request.bdf(), request.address(), request.seconds());
      boolean mapped = trace.mappings().isMapped(request.bdf(), request.address());
      if (end.isPresent() && !mapped) {
        return Optional.of(
            new Unmapped(
                end.get().seconds(),
                new Evidence(
                    trace.name(), end.get().line(), end.get().name() + ": " + end.get().text())));
      }
    }
    return Optional.empty();
  }

  @Override
  public List<Late> late() {
    var found = new LinkedHashMap<String, Late>();
    for (Trace trace : opened.traces()) {
      for (Mappings.Moment moment : trace.mappings().faults()) {
        Event fault = moment.fault();
        Event end = moment.mapped().isPresent() ? null : moment.unmapped().orElse(null);
        Long address = fault.iova();
        if (end != null && address != null) {
          String device = Objects.requireNonNullElse(fault.device(), "?");
          found.putIfAbsent(
              device,
              new Late(
                  device,
                  address,
                  end.seconds(),
                  fault.seconds(),
                  List.of(
                      new Evidence(trace.name(), end.line(), end.name() + ": " + end.text()),
                      new Evidence(
                          trace.name(), fault.line(), fault.name() + ": " + fault.text()))));
        }
      }
    }
    return List.copyOf(found.values());
  }

  @Override
  public Optional<Evidence> switchedOff() {
    Optional<KernelConfig.Option> driver =
        opened.config().flatMap(config -> config.option("CONFIG_INTEL_IOMMU"));
    if (driver.isPresent() && !driver.get().isOn()) {
      return Optional.of(evidence(Kind.KERNEL_CONFIG, driver.get().line(), driver.get().text()));
    }
    return opened
        .commandLine()
        .filter(line -> line.contains("intel_iommu=off") || line.matches(".*\\biommu=off\\b.*"))
        .map(line -> evidence(Kind.COMMAND_LINE, 1, line));
  }
}
