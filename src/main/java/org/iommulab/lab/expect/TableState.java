package org.iommulab.lab.expect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.Page;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.layout.ScalableContextEntry;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.FaultNode;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableKey;
import org.iommulab.vtd.tables.TableRow;
import org.jspecify.annotations.Nullable;

/** Tables, queue, fault records and caches of one unit, as registers, memory and it show them. */
final class TableState {

  private final Observation moment;
  private final int index;
  private final RemappingUnit unit;
  private final long queueTailBefore;

  /**
   * @param index number of the unit
   */
  TableState(Observation moment, int index) {
    this.moment = moment;
    this.index = index;
    unit = moment.machine().units().get(index);
    queueTailBefore = moment.queueTailsBefore().get(index);
  }

  private TableBrowser browser() {
    return new TableBrowser(moment.machine().memory(), RegisterValues.of(unit));
  }

  /** The requester id that the unit sees. */
  private SourceId device(List<Object> arguments) {
    String word = State.word(arguments, 0);
    return requester(word)
        .orElseThrow(() -> new IllegalArgumentException("this machine has no device " + word));
  }

  private Optional<SourceId> requester(Object word) {
    return moment.device(word).map(id -> moment.machine().requester(id).inSegment(0));
  }

  /** {@code root(bus)}. */
  @Nullable Object root(List<Object> arguments) {
    long bus = State.number(arguments, 0);
    return browser().roots().stream()
        .filter(root -> root.bus() == bus && (root.lo() & 1) != 0)
        .findFirst()
        .map(root -> Records.decoded(RootEntry.LEGACY, root.lo(), root.hi()))
        .orElse(null);
  }

  /** {@code ctx(device)}. */
  @Nullable Object context(List<Object> arguments) {
    SourceId device = device(arguments);
    return present()
        .filter(context -> context.source().equals(device))
        .findFirst()
        .map(
            context ->
                context instanceof ContextNode.Scalable
                    ? Records.decoded(ScalableContextEntry.LAYOUT, context.quadwords())
                    : Records.decoded(ContextEntry.LAYOUT, context.quadwords()))
        .orElse(null);
  }

  /** {@code pasid(device,pasid)}: the present entry of a PASID, of PASID 0 if none is named. */
  @Nullable Object pasid(List<Object> arguments) {
    SourceId device = device(arguments);
    long pasid = arguments.size() > 1 ? State.number(arguments, 1) : 0;
    return browser().pasids().stream()
        .filter(entry -> entry.present() && entry.source().equals(device))
        .filter(entry -> entry.pasid().value() == pasid)
        .findFirst()
        .map(entry -> Records.decoded(PasidEntry.LAYOUT, entry.quadwords()))
        .orElse(null);
  }

  private java.util.stream.Stream<ContextNode> present() {
    return browser().contexts().stream().filter(ContextNode::present);
  }

  /** The tree of a device, or of a domain given by its id. */
  private Optional<TableKey> table(Object domain) {
    return present()
        .filter(ContextNode.Legacy.class::isInstance)
        .map(ContextNode.Legacy.class::cast)
        .filter(
            context ->
                domain instanceof Long id
                    ? context.domainId() == id
                    : requester(domain).equals(Optional.of(context.source())))
        .findFirst()
        .flatMap(ContextNode.Legacy::table)
        .or(() -> scalableTable(domain));
  }

  /** With PASIDs a device's own tree is that of PASID 0; of two stages it is the second. */
  private Optional<TableKey> scalableTable(Object domain) {
    return browser().pasids().stream()
        .filter(PasidNode::present)
        .filter(
            entry ->
                domain instanceof Long id
                    ? entry.domainId() == id
                    : entry.pasid().equals(Pasid.OF_REQUESTER)
                        && requester(domain).equals(Optional.of(entry.source())))
        .findFirst()
        .flatMap(entry -> entry.secondStage().or(entry::firstStage));
  }

  /** {@code pte(device or domain id, iova)}: the leaf. */
  @Nullable Object entry(List<Object> arguments) {
    Object domain = arguments.isEmpty() ? "" : arguments.getFirst();
    if (!(domain instanceof Long)) {
      device(arguments);
    }
    long iova = State.number(arguments, 1);
    return table(domain)
        .map(key -> browser().table(key).path(iova))
        .filter(path -> !path.isEmpty() && path.getLast().kind() == TableRow.Kind.LEAF)
        .map(path -> leaf(path.getLast(), iova))
        .orElse(null);
  }

  private static Map<String, Object> leaf(TableRow row, long iova) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put(Comparison.RAW, row.raw());
    fields.put("address", row.entryAddress());
    fields.put("level", (long) row.level());
    fields.put("size", PageTable.sizeName(row.level()));
    long inside = iova & Page.bytesAtLevel(row.level()) - 1;
    fields.put("pa", row.target() | inside);
    fields.put("rights", row.effective().toString());
    return fields;
  }

  /**
   * {@code fault()}, {@code fault(device)}, {@code fault(device,reason)}, also with an address and
   * a PASID.
   */
  @Nullable Object fault(List<Object> arguments) {
    var found = new ArrayList<Map<String, Object>>();
    var faults = new ArrayList<>(moment.handledFaults().get(index));
    browser().faults().stream().filter(FaultNode::pending).forEach(faults::add);
    for (FaultNode fault : faults) {
      boolean wanted =
          (arguments.isEmpty() || fault.source().equals(device(arguments)))
              && (arguments.size() < 2 || fault.reason() == State.number(arguments, 1))
              && (arguments.size() < 3 || fault.address() == Page.start(State.number(arguments, 2)))
              && (arguments.size() < 4 || fault.pasid() == State.number(arguments, 3));
      if (wanted) {
        found.add(fields(fault));
      }
    }
    return found.isEmpty() && !arguments.isEmpty() ? null : found;
  }

  private static Map<String, Object> fields(FaultNode fault) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("index", (long) fault.index());
    fields.put("reason", (long) fault.reason());
    fields.put("source", fault.source().toString());
    fields.put("address", fault.address());
    fields.put("read", fault.read());
    if (fault.pasid() >= 0) {
      fields.put("pasid", (long) fault.pasid());
    }
    return fields;
  }

  /** {@code qi(type)}: descriptors of a type that were queued by the latest command. */
  Object descriptors(List<Object> arguments) {
    var found = new ArrayList<Map<String, Object>>();
    browser()
        .queue()
        .ifPresent(
            queue -> {
              int width = queue.descriptorBytes();
              long at = queueTailBefore % queue.bytes();
              for (int left = queue.bytes() / width; at != queue.tail() && left > 0; left--) {
                descriptor(queue.address() + at, width, arguments).ifPresent(found::add);
                at = (at + width) % queue.bytes();
              }
            });
    return found;
  }

  private Optional<Map<String, Object>> descriptor(
      long address, int width, List<Object> arguments) {
    long[] quadwords = new long[width / 8];
    for (int i = 0; i < quadwords.length; i++) {
      quadwords[i] = moment.machine().memory().readQword(address + i * 8L);
    }
    InvalidationDescriptor kind = InvalidationDescriptor.of(quadwords[0]);
    String code = kind == null ? "unknown" : kind.code();
    if (!arguments.isEmpty() && !State.word(arguments, 0).equals(code)) {
      return Optional.empty();
    }
    var fields = new LinkedHashMap<String, Object>();
    fields.put("type", code);
    for (int i = 0; i < quadwords.length; i++) {
      fields.put("qw" + i, quadwords[i]);
    }
    return Optional.of(fields);
  }

  /** {@code iotlb()}, {@code iotlb(domain id or device)}, {@code iotlb(domain,iova)}. */
  @Nullable Object iotlb(List<Object> arguments) {
    var lines =
        unit.iotlb().stream()
            .filter(line -> arguments.isEmpty() || belongs(line, arguments))
            .toList();
    if (arguments.size() < 2) {
      return lines.stream().map(this::line).toList();
    }
    long iova = State.number(arguments, 1);
    return lines.stream()
        .filter(line -> Long.compareUnsigned(iova - line.page(), line.size()) < 0)
        .findFirst()
        .map(this::line)
        .orElse(null);
  }

  private boolean belongs(CacheLine line, List<Object> arguments) {
    if (arguments.getFirst() instanceof Long domain) {
      return line.domain() == domain;
    }
    SourceId device = device(arguments);
    if (line.source() == device.value()) {
      return true;
    }
    return present()
        .filter(context -> context.source().equals(device))
        .anyMatch(
            context ->
                context instanceof ContextNode.Legacy legacy && legacy.domainId() == line.domain());
  }

  /** {@code context_cache()}, {@code context_cache(device)}. */
  @Nullable Object contextCache(List<Object> arguments) {
    var lines = unit.contextCache();
    if (arguments.isEmpty()) {
      return lines.stream().map(this::line).toList();
    }
    SourceId device = device(arguments);
    return lines.stream()
        .filter(line -> line.source() == device.value())
        .findFirst()
        .map(this::line)
        .orElse(null);
  }

  private Map<String, Object> line(CacheLine line) {
    Map<String, Object> fields = Records.fields(line);
    fields.put(Comparison.RAW, line.frame());
    fields.put("size", line.size() == 0 ? "" : PageTable.sizeName(line.level()));
    fields.put("bytes", line.size());
    fields.put("stale", unit.isStale(line));
    return fields;
  }
}
