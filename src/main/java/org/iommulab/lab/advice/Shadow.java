package org.iommulab.lab.advice;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.Mode;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.RootNode;
import org.iommulab.vtd.tables.TableBrowser;

/** Which page frames a unit reads as which tables, from the root table that it really uses. */
final class Shadow {

  /** Most tables that are kept in mind. */
  static final int LIMIT = 16_384;

  /** Told of every present entry while tables are gone through. */
  interface Visitor {
    void entry(TableFrame place, long address, long value, boolean leaf);
  }

  private final RemappingUnit unit;
  private final PhysicalMemory memory;
  private final Map<Long, List<TableFrame>> places = new HashMap<>();
  private List<Bindings> bindings = List.of();
  private boolean scalable;

  Shadow(RemappingUnit unit, PhysicalMemory memory) {
    this.unit = unit;
    this.memory = memory;
  }

  List<TableFrame> of(long address) {
    return places.getOrDefault(address >>> 12, List.of());
  }

  boolean isTable(long address) {
    return places.containsKey(address >>> 12);
  }

  List<Bindings> bindings() {
    return bindings;
  }

  boolean isScalable() {
    return scalable;
  }

  Optional<Bindings> binding(int source, int pasid) {
    return bindings.stream()
        .filter(b -> b.source().value() == source && (b.pasid() == pasid || b.pasid() < 0))
        .findFirst();
  }

  /** Goes through all tables again. */
  void rebuild(Visitor visitor) {
    places.clear();
    TableBrowser browser = browser();
    scalable = browser.mode() == Mode.SCALABLE;
    bindings = List.of();
    if (browser.rootTable().isEmpty()) {
      return;
    }
    put(
        unit.latchedRootAddress() & -4096L,
        new TableFrame(TableFrame.Role.ROOT, 0, false, 0, -1, 0, 0, false));
    for (RootNode root : browser.roots()) {
      contexts(root);
    }
    for (ContextNode node : browser.contexts()) {
      if (node instanceof ContextNode.Scalable context && context.present()) {
        directories(browser, context);
      }
    }
    bindings = Bindings.of(browser);
    for (Bindings binding : bindings) {
      int source = binding.source().value();
      if (binding.secondRoot() != 0) {
        walk(
            binding.secondRoot(),
            new TableFrame(
                TableFrame.Role.PAGING,
                binding.secondLevels(),
                false,
                binding.domain(),
                -1,
                source,
                0,
                false),
            visitor);
      }
      if (binding.firstRoot() != 0) {
        boolean guest = binding.type() == Bindings.Type.NESTED;
        var top =
            new TableFrame(
                TableFrame.Role.PAGING,
                binding.firstLevels(),
                true,
                binding.domain(),
                binding.pasid(),
                source,
                0,
                guest);
        if (!guest) {
          walk(binding.firstRoot(), top, visitor);
        }
      }
    }
  }

  /** The tables as the unit sees them: RTADDR may say something else already. */
  TableBrowser browser() {
    RegisterValues values = RegisterValues.of(unit);
    byte[] window = values.bytes();
    int at = RegisterLayouts.RTADDR.position();
    ByteBuffer words = ByteBuffer.wrap(window).order(ByteOrder.LITTLE_ENDIAN);
    words.putLong(at, unit.latchedRootAddress());
    return new TableBrowser(memory, RegisterValues.of(window));
  }

  private void contexts(RootNode root) {
    if (!scalable) {
      if (RootEntry.P.isSet(root.lo())) {
        context(RootEntry.CTP.get(root.lo()), root.bus() << 8);
      }
      return;
    }
    if (RootEntry.LP.isSet(root.lo())) {
      context(RootEntry.LCTP.get(root.lo()), root.bus() << 8);
    }
    if (RootEntry.UP.isSet(root.hi())) {
      context(RootEntry.UCTP.get(root.hi()), root.bus() << 8 | 0x80);
    }
  }

  private void context(long table, int first) {
    put(table, new TableFrame(TableFrame.Role.CONTEXT, 0, false, 0, -1, first, first, false));
  }

  private void directories(TableBrowser browser, ContextNode.Scalable context) {
    int source = context.source().value();
    put(
        context.directory(),
        new TableFrame(TableFrame.Role.PASID_DIRECTORY, 0, false, 0, -1, source, 0, false));
    long[] directory = memory.frame(context.directory() >>> 12);
    List<Long> tables = browser.pasidTables(context);
    for (int i = 0; directory != null && i < 512; i++) {
      long pointer = directory[i] & -4096L;
      if ((directory[i] & 1) != 0 && tables.contains(pointer)) {
        put(
            pointer,
            new TableFrame(TableFrame.Role.PASID_TABLE, 0, false, 0, -1, source, 64L * i, false));
      }
    }
  }

  private void walk(long table, TableFrame place, Visitor visitor) {
    long[] entries = table >>> 44 == 0 ? memory.frame(table >>> 12) : null;
    if (entries == null || !put(table, place)) {
      return;
    }
    long present = place.first() ? 1 : 7;
    for (int i = 0; i < 512; i++) {
      long value = entries[i];
      if ((value & present) == 0) {
        continue;
      }
      boolean leaf = place.level() == 1 || SecondStageEntry.PS.isSet(value);
      visitor.entry(place, table + i * 8L, value, leaf);
      if (!leaf) {
        var below =
            new TableFrame(
                place.role(),
                place.level() - 1,
                place.first(),
                place.domain(),
                place.pasid(),
                place.source(),
                place.base() + i * place.reach(),
                place.guest());
        walk(SecondStageEntry.TABLE.get(value), below, visitor);
      }
    }
  }

  private boolean put(long table, TableFrame place) {
    if (places.size() >= LIMIT) {
      return false;
    }
    List<TableFrame> known = places.computeIfAbsent(table >>> 12, pfn -> new ArrayList<>(1));
    boolean again =
        known.stream()
            .anyMatch(
                other ->
                    other.role() == place.role()
                        && other.domain() == place.domain()
                        && other.pasid() == place.pasid()
                        && other.level() == place.level()
                        && other.base() == place.base());
    if (again || known.size() > 64) {
      return false;
    }
    known.add(place);
    return true;
  }
}
