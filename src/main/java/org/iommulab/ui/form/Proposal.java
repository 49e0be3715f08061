package org.iommulab.ui.form;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.iommulab.bus.MessageSink;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.LabView;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.linux.IommufdObjectView;
import org.iommulab.memory.Page;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Subject;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.TableRow;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that a form can start with, so that what it proposes works.
 *
 * @param free a page that nothing is mapped at
 * @param mapped an address that is mapped; the one wished for if nothing is
 * @param first where the mapping with that address begins
 * @param size bytes of that mapping
 */
record Proposal(long free, long mapped, long first, long size) {

  /** Commands looked through for a mapping. */
  private static final int MOST_COMMANDS = 1000;

  /** Something mapped: by tables, or by a process that has no device yet. */
  private record Area(long first, long size) {

    boolean contains(long address) {
      return Long.compareUnsigned(address - first, size) < 0;
    }
  }

  private static final Area INTERRUPTS =
      new Area(MessageSink.FIRST, MessageSink.LAST - MessageSink.FIRST + 1);

  /**
   * What can be proposed; runs on the laboratory's thread.
   *
   * @param subject whose addresses are meant
   * @param wished an address that a person has chosen or that was used last, or 0
   */
  static Proposal of(LabView view, Subject subject, long wished) {
    List<Area> areas =
        view.kernel().stream()
            .flatMap(kernel -> kernel.iommufdObjects().stream())
            .map(IommufdObjectView::areas)
            .flatMap(List::stream)
            .map(area -> new Area(area.iova(), area.length()))
            .toList();
    var unit = view.ofUnit(subject.unit()).tables();
    List<DomainTree> uses = DomainTree.all(unit);
    Optional<PageTable> own =
        uses.stream().filter(subject::means).findFirst().map(use -> use.open(unit));
    Area mapped = own.flatMap(table -> mapped(view, table, areas, wished)).orElse(null);
    long near = mapped == null ? wished : wished(mapped, wished);
    long free = free(uses.stream().map(use -> use.open(unit)).toList(), areas, Page.start(near));
    return mapped == null
        ? new Proposal(free, near, Page.start(near), Page.BYTES)
        : new Proposal(free, near, mapped.first(), mapped.size());
  }

  private static long wished(Area mapped, long wished) {
    return mapped.contains(wished) ? wished : mapped.first();
  }

  /** The mapping with the address wished for, or else the one made last, or else any. */
  private static Optional<Area> mapped(
      LabView view, PageTable table, List<Area> areas, long wished) {
    return LongStream.concat(LongStream.of(wished), recent(view))
        .filter(address -> isMapped(table, address))
        .boxed()
        .findFirst()
        .flatMap(address -> containing(table, areas, address))
        .or(() -> range(table, any -> true));
  }

  private static boolean isMapped(PageTable table, long address) {
    return table.reaches(address)
        && table.path(address).stream().anyMatch(row -> row.kind() == TableRow.Kind.LEAF);
  }

  private static Optional<Area> containing(PageTable table, List<Area> areas, long address) {
    return areas.stream()
        .filter(area -> area.contains(address))
        .findFirst()
        .or(() -> range(table, area -> area.contains(address)));
  }

  private static Area area(MappedRange range) {
    return new Area(range.iova(), range.size());
  }

  private static Optional<Area> range(PageTable table, Predicate<Area> wanted) {
    var found = new AtomicReference<@Nullable Area>();
    table.forEachRange(
        range -> {
          Area area = area(range);
          if (wanted.test(area)) {
            found.set(area);
          }
          return found.get() == null;
        });
    return Optional.ofNullable(found.get());
  }

  /** Addresses that commands mapped, the latest first; some may be gone again. */
  private static LongStream recent(LabView view) {
    return view.journal().subList(0, view.position()).reversed().stream()
        .limit(MOST_COMMANDS)
        .filter(entry -> entry.result().succeeded())
        .flatMapToLong(Proposal::addresses);
  }

  private static LongStream addresses(JournalEntry entry) {
    Object given =
        switch (entry.command()) {
          case Command.Call call -> call.args().get("iova");
          case Command.Ioctl ioctl ->
              ioctl.arg() instanceof Map<?, ?> fields ? fields.get("iova") : null;
          default -> null;
        };
    // The DMA API chooses the address and returns it; 0 is what other functions return.
    LongStream returned =
        entry.command() instanceof Command.Call && entry.result() instanceof Result.Returned done
            ? LongStream.of(done.ret()).filter(value -> value != 0)
            : LongStream.empty();
    return LongStream.concat(number(given).stream(), returned);
  }

  private static OptionalLong number(@Nullable Object value) {
    return switch (value) {
      case Number number -> OptionalLong.of(number.longValue());
      case String text -> Hex.address(text);
      case null, default -> OptionalLong.empty();
    };
  }

  /** The first page from there on that is in no tables, in no area, and means no interrupts. */
  private static long free(List<PageTable> tables, List<Area> areas, long from) {
    long at = from;
    long before;
    do {
      before = at;
      at = behind(INTERRUPTS, at);
      for (Area area : areas) {
        at = behind(area, at);
      }
      for (PageTable table : tables) {
        at = behindRanges(table, at);
      }
    } while (at != before);
    return at;
  }

  private static long behind(Area area, long address) {
    return area.contains(address) ? Page.roundUp(area.first() + area.size()) : address;
  }

  private static long behindRanges(PageTable table, long from) {
    if (!isMapped(table, from)) {
      return from;
    }
    long[] at = {from};
    table.forEachRange(
        range -> {
          at[0] = behind(area(range), at[0]);
          return Long.compareUnsigned(range.iova(), at[0]) <= 0;
        });
    return at[0];
  }
}
