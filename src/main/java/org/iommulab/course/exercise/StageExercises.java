package org.iommulab.course.exercise;

import static org.iommulab.course.exercise.TableExercises.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iommulab.course.exercise.Exercise.Table;
import org.iommulab.lab.language.Result;
import org.iommulab.vtd.request.WalkStep;
import org.iommulab.words.Bilingual;

/** First-stage and nested tables, in scalable mode. */
final class StageExercises {

  /** A unit with both stages, nesting, PASIDs and first-stage tables of five levels. */
  private static final String UNIT =
      "{'op':'machine','aw_bits':57,'cap':'0x11d2078c22380e06','ecap':'0x1ed9ca4000fc7'}";

  private static final long ROOT = 0x100_0000L;
  private static final long CONTEXT = 0x100_1000L;
  private static final long DIRECTORY = 0x100_2000L;
  private static final long PASIDS = 0x100_3000L;

  /** Context entry of 00:03.0 in scalable mode: 32 bytes a function, the lower half of the bus. */
  private static final long CONTEXT_ENTRY = CONTEXT + 0x18 * 32;

  private static final int PASID_ENTRY = 64;

  /** Walks snoop, in the second quadword of a PASID entry: accessed bits are set coherently. */
  private static final long PWSNP = 0x80_0000L;

  /** P, R/W and U/S of a first-stage entry. */
  private static final long FIRST = 7;

  /** R and W of a second-stage entry. */
  private static final long SECOND = 3;

  private StageExercises() {}

  private static long index(long address, int level) {
    return address >>> 9 * level + 3 & 511;
  }

  /** Root, context entry and PASID directory that lead to a PASID entry; answers its address. */
  private static long entryOf(Bench bench, int pasid) {
    bench.write(ROOT, CONTEXT | 1, 0);
    // Present, and PASIDs are enabled.
    bench.write(CONTEXT_ENTRY, DIRECTORY | 9, 0);
    long table = PASIDS + 0x1000L * bench.upTo(4);
    bench.write(DIRECTORY + (pasid >>> 6) * 8L, table | 1);
    return table + (pasid & 63) * (long) PASID_ENTRY;
  }

  private static void translateOn(Bench bench) {
    bench.register(0x20, 8, ROOT | 0x400);
    bench.register(0x18, 4, 0x4000_0000L);
    bench.register(0x18, 4, 0x8000_0000L);
  }

  private static Result write(Bench bench, long iova, int pasid) {
    return bench.run(
        "{'op':'dma.write','rid':'00:03.0','iova':'%s','data':'11','pasid':%d}",
        Bench.hex(iova), pasid);
  }

  /** Quadwords of memory, those asked for and one beside each table entry. */
  private static Table memory(Bench bench, List<Long> addresses) {
    var words = new TreeMap<Long, Long>();
    for (long address : addresses) {
      words.put(address, bench.lab.view().memory().readQword(address));
    }
    List<List<String>> rows =
        words.entrySet().stream()
            .map(one -> List.of(Bench.hex(one.getKey()), Bench.hex(one.getValue())))
            .toList();
    return TableExercises.memoryTable(rows);
  }

  static Exercise firstStage(long seed) {
    var bench = new Bench(seed);
    bench.run(UNIT);
    int levels = 4 + bench.upTo(2);
    int pasid = 1 + bench.upTo(255);
    long entry = entryOf(bench, pasid);
    // The upper half of a first stage is the kernel's; stay below.
    long iova = (bench.dice.nextLong() & (1L << 11 + 9 * levels) - 1) & ~7L;
    long frame = 0x200_0000L + bench.upTo(0x1000) * 4096L;
    long table = 0x101_0000L;
    bench.write(entry, 1 | 1 << 6, PWSNP | 1 + bench.upTo(200), table | (levels == 5 ? 4 : 0), 0);
    var shown =
        new ArrayList<>(
            List.of(
                ROOT, CONTEXT_ENTRY, DIRECTORY + (pasid >>> 6) * 8L, entry, entry + 8, entry + 16));
    for (int level = levels; level >= 1; level--) {
      long at = table + index(iova, level) * 8;
      long next =
          level == 1 ? frame : 0x102_0000L + (levels - level) * 0x1000L + 0x1_0000L * bench.upTo(8);
      bench.write(at, next | FIRST);
      shown.add(at);
      shown.add(at ^ 8);
      table = next;
    }
    translateOn(bench);
    Table memory = memory(bench, shown);
    Result result = write(bench, iova, pasid);
    return bench.exercise(
        "first-stage",
        new Bilingual(
            "RTADDR is "
                + Bench.hex(ROOT | 0x400)
                + ", scalable mode. Device 00:03.0 writes to "
                + Bench.hex(iova)
                + " with PASID "
                + pasid
                + ". At which address is its PASID entry, and which physical address is written?",
            "RTADDR 为 "
                + Bench.hex(ROOT | 0x400)
                + "，可扩展模式。设备 00:03.0 以 PASID "
                + pasid
                + " 写 "
                + Bench.hex(iova)
                + "。它的 PASID 表项在哪个地址？写到哪个物理地址？"),
        List.of(memory),
        List.of(
            answer("PASID entry", "PASID 表项", pasidEntry(bench), Bench.hex(entry)),
            answer(
                "Physical address",
                "物理地址",
                TableExercises.field(result, "pa"),
                Bench.hex(frame + (iova & 4095)))));
  }

  private static String pasidEntry(Bench bench) {
    return bench.lab.view().lastPath().orElseThrow().steps().stream()
        .filter(step -> step.stage() == WalkStep.Stage.PASID_ENTRY)
        .reduce((earlier, later) -> later)
        .map(step -> Bench.hex(step.address()))
        .orElse("none");
  }

  static Exercise nested(long seed) {
    var bench = new Bench(seed);
    bench.run(UNIT);
    int pasid = 1 + bench.upTo(63);
    long entry = entryOf(bench, pasid);
    // The guest has 2 MiB: the host's upper entries are all number 0.
    var host = new Host(bench);
    long iova = (bench.dice.nextLong() & (1L << 47) - 1) & ~7L;
    long guestTable = host.page();
    bench.write(
        entry, 1 | 3 << 6 | 2 << 2 | host.table, PWSNP | 1 + bench.upTo(200), guestTable, 0);
    var shown = new ArrayList<>(List.of(DIRECTORY, entry, entry + 8, entry + 16));
    long data = 0;
    for (int level = 4; level >= 1; level--) {
      long at = host.of(guestTable) + index(iova, level) * 8;
      long next = host.page();
      bench.write(at, next | FIRST);
      shown.add(at);
      guestTable = next;
      data = next;
    }
    shown.addAll(host.entries());
    translateOn(bench);
    Table memory = memory(bench, shown);
    Result result = write(bench, iova, pasid);
    return bench.exercise(
        "nested",
        new Bilingual(
            "The PASID directory of 00:03.0 is at "
                + Bench.hex(DIRECTORY)
                + ", scalable mode. The device writes to "
                + Bench.hex(iova)
                + " with PASID "
                + pasid
                + "; its entry asks for nested translation. To which guest address, and to which"
                + " host address does the write go?",
            "00:03.0 的 PASID 目录在 "
                + Bench.hex(DIRECTORY)
                + "，可扩展模式。设备以 PASID "
                + pasid
                + " 写 "
                + Bench.hex(iova)
                + "；它的表项要求嵌套转换。写到哪个客户机地址，哪个宿主机地址？"),
        List.of(memory),
        List.of(
            answer(
                "Guest address",
                "客户机地址",
                guestAddress(bench, iova),
                Bench.hex(data + (iova & 4095))),
            answer(
                "Host address",
                "宿主机地址",
                TableExercises.field(result, "pa"),
                Bench.hex(host.of(data) + (iova & 4095)))));
  }

  /** Where the first stage led: its last entry, and the offset. */
  private static String guestAddress(Bench bench, long iova) {
    return bench.lab.view().lastPath().orElseThrow().steps().stream()
        .filter(step -> step.stage() == WalkStep.Stage.FIRST_STAGE && !step.quadwords().isEmpty())
        .reduce((earlier, later) -> later)
        .map(step -> Bench.hex(step.quadwords().getFirst() & 0xF_FFFF_FFFF_F000L | iova & 4095))
        .orElse("none");
  }

  /** A host's second stage for 2 MiB of a guest, pages put anywhere. */
  private static final class Host {
    private final Bench bench;
    private final Map<Long, Long> pages = new TreeMap<>();
    final long table = 0x104_0000L;

    Host(Bench bench) {
      this.bench = bench;
      bench.write(table, table + 0x1000 | SECOND);
      bench.write(table + 0x1000, table + 0x2000 | SECOND);
      bench.write(table + 0x2000, table + 0x3000 | SECOND);
    }

    /** Another page of the guest: its guest address. */
    long page() {
      long guest;
      do {
        guest = bench.upTo(512) * 4096L;
      } while (pages.containsKey(guest));
      long frame;
      do {
        frame = 0x300_0000L + bench.upTo(0x1000) * 4096L;
      } while (pages.containsValue(frame));
      pages.put(guest, frame);
      bench.write(table + 0x3000 + (guest >>> 12) * 8, frame | SECOND);
      return guest;
    }

    long of(long guest) {
      return pages.getOrDefault(guest, 0L);
    }

    List<Long> entries() {
      var all = new ArrayList<>(List.of(table, table + 0x1000, table + 0x2000));
      pages.keySet().forEach(guest -> all.add(table + 0x3000 + (guest >>> 12) * 8));
      return all;
    }
  }
}
