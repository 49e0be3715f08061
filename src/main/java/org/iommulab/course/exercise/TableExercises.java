package org.iommulab.course.exercise;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.course.exercise.Exercise.Answer;
import org.iommulab.course.exercise.Exercise.Table;
import org.iommulab.lab.language.Result;
import org.iommulab.words.Bilingual;

/** Tables, entries, faults and caches of the unit. */
final class TableExercises {

  private static final long ROOT = 0x100_0000L;
  private static final long CONTEXT = 0x100_1000L;

  private TableExercises() {}

  /** A way through hand-made tables: which entries it passes, what it leads to. */
  private record Way(
      int levels, long iova, long frame, List<Long> addresses, List<Long> entries, int domain) {

    long target() {
      return frame + (iova & 4095);
    }
  }

  private static Way draw(Bench bench, int levels) {
    bench.run("{'op':'machine','aw_bits':%d}", 12 + 9 * levels);
    long iova = (bench.dice.nextLong() & (1L << 12 + 9 * levels) - 1) & ~7L;
    long frame = 0x200_0000L + bench.upTo(0x1000) * 4096L;
    int domain = 1 + bench.upTo(200);
    bench.write(ROOT, CONTEXT | 1, 0);
    long table = 0x100_2000L;
    bench.write(CONTEXT + 0x180, table | 1, (long) domain << 8 | levels - 2);
    var addresses = new ArrayList<Long>();
    var entries = new ArrayList<Long>();
    for (int level = levels; level >= 1; level--) {
      long at = table + (iova >>> 9 * level + 3 & 511) * 8;
      long next =
          level == 1 ? frame : 0x100_3000L + (levels - level) * 0x1000L + 0x1_0000L * bench.upTo(8);
      bench.write(at, next | 3);
      addresses.add(at);
      entries.add(next | 3);
      table = next;
    }
    return new Way(levels, iova, frame, addresses, entries, domain);
  }

  private static void translateOn(Bench bench) {
    bench.register(0x20, 8, ROOT);
    bench.register(0x18, 4, 0x4000_0000L);
    bench.register(0x18, 4, 0x8000_0000L);
  }

  private static Table memory(Bench bench, Way way) {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of(Bench.hex(ROOT), Bench.hex(CONTEXT | 1)));
    rows.add(
        List.of(
            Bench.hex(CONTEXT + 0x180),
            Bench.hex(bench.lab.view().memory().readQword(CONTEXT + 0x180))));
    rows.add(
        List.of(
            Bench.hex(CONTEXT + 0x188),
            Bench.hex(bench.lab.view().memory().readQword(CONTEXT + 0x188))));
    for (long address : way.addresses()) {
      rows.add(
          List.of(Bench.hex(address), Bench.hex(bench.lab.view().memory().readQword(address))));
      long other = address ^ 8;
      rows.add(List.of(Bench.hex(other), Bench.hex(bench.lab.view().memory().readQword(other))));
    }
    rows.sort((a, b) -> Long.compareUnsigned(Long.decode(a.getFirst()), Long.decode(b.getFirst())));
    return memoryTable(rows);
  }

  /** Quadwords with their addresses. */
  static Table memoryTable(List<List<String>> rows) {
    return Table.of(
        new Bilingual("Memory", "内存"),
        List.of(new Bilingual("address", "地址"), new Bilingual("quadword", "四字")),
        rows);
  }

  static String field(Result result, String name) {
    return result.fields().get("chunks") instanceof List<?> list
            && list.getFirst() instanceof Map<?, ?> chunk
            && chunk.get(name) != null
        ? String.valueOf(chunk.get(name))
        : "none";
  }

  private static Result dma(Bench bench, long iova) {
    return bench.run("{'op':'dma.write','rid':'00:03.0','iova':'%s','data':'11'}", Bench.hex(iova));
  }

  static Exercise translate(long seed) {
    var bench = new Bench(seed);
    Way way = draw(bench, 3 + bench.upTo(3));
    for (long address : way.addresses()) {
      if (bench.upTo(2) == 0 && bench.lab.view().memory().readQword(address ^ 8) == 0) {
        bench.write(address ^ 8, 0x700_0003L + bench.upTo(64) * 4096L);
      }
    }
    translateOn(bench);
    Table memory = memory(bench, way);
    String key = field(dma(bench, way.iova()), "pa");
    return bench.exercise(
        "translate",
        new Bilingual(
            "RTADDR is "
                + Bench.hex(ROOT)
                + ", legacy mode. Device 00:03.0 writes to "
                + Bench.hex(way.iova())
                + ". Which physical address is written?",
            "RTADDR 为 "
                + Bench.hex(ROOT)
                + "，传统模式。设备 00:03.0 写 "
                + Bench.hex(way.iova())
                + "。写到哪个物理地址？"),
        List.of(memory),
        List.of(answer("Physical address", "物理地址", key, Bench.hex(way.target()))));
  }

  static Exercise faultingEntry(long seed) {
    var bench = new Bench(seed);
    Way way = draw(bench, 3 + bench.upTo(3));
    int broken = bench.upTo(way.levels());
    int how = bench.upTo(2);
    long at = way.addresses().get(broken);
    long entry = how == 0 ? 0 : way.entries().get(broken) & ~2L;
    bench.write(at, entry);
    translateOn(bench);
    Table memory = memory(bench, way);
    Result result = dma(bench, way.iova());
    var step = bench.lab.view().lastPath().flatMap(path -> path.failedStep()).orElseThrow();
    String reason =
        bench.look("result.chunks[0].diag.reason") instanceof Number code
            ? code.toString()
            : "none";
    if (result.succeeded()) {
      throw new IllegalStateException("nothing faults");
    }
    return bench.exercise(
        "faulting-entry",
        new Bilingual(
            "RTADDR is "
                + Bench.hex(ROOT)
                + ", legacy mode. Device 00:03.0 writes to "
                + Bench.hex(way.iova())
                + " and is refused. By which entry, and with which reason?",
            "RTADDR 为 "
                + Bench.hex(ROOT)
                + "，传统模式。设备 00:03.0 写 "
                + Bench.hex(way.iova())
                + " 被拒。是哪个表项，原因是什么？"),
        List.of(memory),
        List.of(
            answer("Address of the entry", "表项地址", Bench.hex(step.address()), Bench.hex(at)),
            answer("Fault reason (decimal)", "故障原因（十进制）", reason, "5")));
  }

  static Exercise requester(long seed) {
    var bench = new Bench(seed);
    int bus = bench.upTo(256);
    int device = bench.upTo(32);
    int function = bench.upTo(8);
    String id = String.format(Locale.ROOT, "%02x:%02x.%x", bus, device, function);
    bench.run(
        "{'op':'machine','aw_bits':48,'devices':[{'name':'card','at':'%s','kind':'engine'}]%s}",
        id,
        bus == 0
            ? ""
            : String.format(Locale.ROOT, ",'bridges':[{'at':'00:1c.0','secondary':%d}]", bus));
    long root = 0x100_0000L + bench.upTo(64) * 4096L;
    long table = 0x200_0000L + bench.upTo(64) * 4096L;
    long entry = table + (device * 8L + function) * 16;
    bench.write(root + bus * 16L, table | 1, 0);
    bench.write(entry, 0x300_0001L, 0x102);
    bench.register(0x20, 8, root);
    bench.register(0x18, 4, 0x4000_0000L);
    bench.register(0x18, 4, 0x8000_0000L);
    bench.run("{'op':'dma.write','rid':'card','iova':'0x5000','data':'11'}");
    var path = bench.lab.view().lastPath().orElseThrow();
    String rootRead = "none";
    String contextRead = "none";
    for (var step : path.steps()) {
      switch (step.stage()) {
        case ROOT -> rootRead = Bench.hex(step.address());
        case CONTEXT -> contextRead = Bench.hex(step.address());
        default -> {}
      }
    }
    return bench.exercise(
        "requester",
        new Bilingual(
            "RTADDR is "
                + Bench.hex(root)
                + ", legacy mode; the root entry of bus "
                + Bench.hex(bus)
                + " is "
                + Bench.hex(table | 1)
                + ". Which root and which context"
                + " entry does the unit read for "
                + id
                + "?",
            "RTADDR 为 "
                + Bench.hex(root)
                + "，传统模式；总线 "
                + Bench.hex(bus)
                + " 的根表项是 "
                + Bench.hex(table | 1)
                + "。对 "
                + id
                + "，单元读哪个根表项和哪个上下文表项？"),
        List.of(),
        List.of(
            answer("Root entry", "根表项", rootRead, Bench.hex(root + bus * 16L)),
            answer("Context entry", "上下文表项", contextRead, Bench.hex(entry))));
  }

  static Exercise buildEntry(long seed) {
    var bench = new Bench(seed);
    Way way = draw(bench, 4);
    int rights = 1 + bench.upTo(3);
    long entry = way.frame() | rights;
    bench.write(way.addresses().getLast(), entry);
    translateOn(bench);
    Object raw = bench.look("pte(00:03.0," + Bench.hex(way.iova()) + ")");
    String words = rights == 1 ? "read only" : rights == 2 ? "write only" : "read and write";
    String chinese = rights == 1 ? "只读" : rights == 2 ? "只写" : "可读可写";
    return bench.exercise(
        "build-entry",
        new Bilingual(
            "Write the second-stage leaf of 4 KiB for frame "
                + Bench.hex(way.frame())
                + ", "
                + words
                + ", no snoop bit.",
            "写出页框 " + Bench.hex(way.frame()) + " 的第二级 4 KiB 叶子，" + chinese + "，不置窥探位。"),
        List.of(),
        List.of(answer("Entry", "表项", rawOf(raw), Bench.hex(entry))));
  }

  private static String rawOf(@org.jspecify.annotations.Nullable Object value) {
    Object raw = value instanceof Map<?, ?> map ? map.get("raw") : value;
    return raw instanceof Number number ? Bench.hex(number.longValue()) : String.valueOf(raw);
  }

  static Exercise readContext(long seed) {
    var bench = new Bench(seed);
    Way way = draw(bench, 3 + bench.upTo(3));
    translateOn(bench);
    long low = bench.lab.view().memory().readQword(CONTEXT + 0x180);
    long high = bench.lab.view().memory().readQword(CONTEXT + 0x188);
    return bench.exercise(
        "read-entry",
        new Bilingual(
            "A legacy context entry is "
                + Bench.hex(low)
                + ", "
                + Bench.hex(high)
                + ". Domain, address width, page table?",
            "一个传统上下文表项为 " + Bench.hex(low) + "，" + Bench.hex(high) + "。域、地址宽度、页表各是什么？"),
        List.of(),
        List.of(
            answer(
                "DID (decimal)",
                "DID（十进制）",
                String.valueOf(bench.look("ctx(00:03.0).DID")),
                "" + way.domain()),
            answer(
                "AW", "AW", String.valueOf(bench.look("ctx(00:03.0).AW")), "" + (way.levels() - 2)),
            answer("SSPTPTR", "SSPTPTR", hexOf(bench.look("ctx(00:03.0).SSPTPTR")), "0x1002000")));
  }

  private static String hexOf(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Number number ? Bench.hex(number.longValue()) : String.valueOf(value);
  }

  static Exercise survivors(long seed) {
    var bench = new Bench(seed);
    bench.run("{'op':'machine','aw_bits':48}");
    bench.write(ROOT, CONTEXT | 1, 0);
    bench.write(CONTEXT + 0x180, 0x100_2001L, 0x2102);
    bench.write(0x100_2000L, 0x100_3003L);
    bench.write(0x100_3000L, 0x100_4003L);
    bench.write(0x100_4000L, 0x100_5003L);
    var pages = new ArrayList<Integer>();
    while (pages.size() < 6) {
      int page = 1 + bench.upTo(60);
      if (!pages.contains(page)) {
        pages.add(page);
      }
    }
    pages.sort(null);
    for (int page : pages) {
      bench.write(0x100_5000L + page * 8L, 0x200_0003L + page * 4096L);
    }
    translateOn(bench);
    for (int page : pages) {
      dma(bench, page * 4096L);
    }
    int mask = bench.upTo(6);
    int at = bench.upTo(60);
    bench.register(0x90, 8, 0x100_6000L);
    bench.register(0x18, 4, 0x8400_0000L);
    bench.write(0x100_6000L, 0x21_0032L, at * 4096L | mask, 0x1_0000_0025L, 0x100_7000L);
    bench.register(0x88, 8, 0x20);
    var left = new ArrayList<String>();
    bench.lab.view().unit().orElseThrow().iotlb().stream()
        .map(line -> line.page())
        .sorted()
        .forEach(page -> left.add(Bench.hex(page)));
    var hand = new ArrayList<String>();
    for (int page : pages) {
      if (page >>> mask != at >>> mask) {
        hand.add(Bench.hex(page * 4096L));
      }
    }
    var rows = pages.stream().map(page -> List.of(Bench.hex(page * 4096L), "0x21", "4K")).toList();
    return bench.exercise(
        "survivors",
        new Bilingual(
            "The IOTLB holds the lines below. The descriptor 0x210032, "
                + Bench.hex(at * 4096L | mask)
                + " is carried out. Which lines are left?",
            "IOTLB 有下列各行。执行描述符 0x210032，" + Bench.hex(at * 4096L | mask) + "。还剩哪些行？"),
        List.of(
            Table.of(
                Bilingual.same("IOTLB"),
                List.of(
                    new Bilingual("page", "页"),
                    new Bilingual("domain", "域"),
                    new Bilingual("size", "大小")),
                rows)),
        List.of(
            new Answer(
                new Bilingual("Lines left, or none", "剩下的行，没有则填 none"),
                left.isEmpty() ? "none" : String.join(" ", left),
                hand.isEmpty() ? "none" : String.join(" ", hand),
                Exercise.Order.ANY)));
  }

  static Exercise faultRecord(long seed) {
    var bench = new Bench(seed);
    bench.run("{'op':'machine','board':'laboratory'}");
    bench.write(ROOT, CONTEXT | 1, 0);
    translateOn(bench);
    String device = bench.one(List.of("nic", "old", "rogue"));
    boolean read = bench.upTo(2) == 0;
    long page = (1 + bench.upTo(1 << 19)) * 4096L;
    bench.run(
        read
            ? "{'op':'dma.read','rid':'%s','iova':'%s','len':8}"
            : "{'op':'dma.write','rid':'%s','iova':'%s','data':'11'}",
        device,
        Bench.hex(page + 8L * bench.upTo(500)));
    var record = bench.lab.view().tables().faults().getFirst();
    String id = Map.of("nic", "00:03.0", "old", "00:04.0", "rogue", "00:05.0").get(device);
    return bench.exercise(
        "fault-record",
        new Bilingual(
            "A fault record holds "
                + Bench.hex(record.lo())
                + " (low) and "
                + Bench.hex(record.hi())
                + " (high). Who asked for what, and why was it refused?",
            "一条故障记录为 "
                + Bench.hex(record.lo())
                + "（低）与 "
                + Bench.hex(record.hi())
                + "（高）。谁要做什么，为何被拒？"),
        List.of(),
        List.of(
            answer("Requester", "请求者", record.source().toString(), String.valueOf(id)),
            answer("Page", "页", Bench.hex(record.address()), Bench.hex(page)),
            answer("Reason (decimal)", "原因（十进制）", "" + record.reason(), "2"),
            answer(
                "read or write",
                "read 还是 write",
                record.read() ? "read" : "write",
                read ? "read" : "write")));
  }

  static Exercise stillPasses(long seed) {
    var bench = new Bench(seed);
    bench.run("{'op':'machine','board':'laboratory'}");
    bench.write(ROOT, CONTEXT | 1, 0);
    bench.write(CONTEXT + 0x180, 0x100_2001L, 0x2102);
    bench.write(0x100_2000L, 0x100_3003L);
    bench.write(0x100_3000L, 0x100_4003L);
    bench.write(0x100_4000L, 0x100_5003L);
    int page = 1 + bench.upTo(500);
    bench.write(0x100_5000L + page * 8L, 0x200_0003L);
    bench.register(0x20, 8, ROOT);
    bench.register(0x18, 4, 0x4000_0000L);
    bench.register(0x90, 8, 0x100_6000L);
    bench.register(0x18, 4, 0x0400_0000L);
    bench.register(0x18, 4, 0x8400_0000L);
    boolean used = bench.upTo(2) == 0;
    boolean other = bench.upTo(2) == 0;
    boolean flushed = bench.upTo(2) == 0;
    String iova = Bench.hex(page * 4096L);
    var steps = new ArrayList<List<Bilingual>>();
    if (used) {
      bench.run("{'op':'dma.write','rid':'nic','iova':'%s','data':'11'}", iova);
      steps.add(List.of(new Bilingual("nic writes to " + iova, "nic 写 " + iova)));
    }
    long now = other ? 0x300_0003L : 0;
    bench.write(0x100_5000L + page * 8L, now);
    steps.add(
        List.of(
            new Bilingual(
                "the leaf of " + iova + ", 0x2000003, becomes " + Bench.hex(now),
                iova + " 的叶子由 0x2000003 变为 " + Bench.hex(now))));
    if (flushed) {
      bench.write(0x100_6000L, 0x21_0022L, 0, 0x1_0000_0025L, 0x100_7000L);
      bench.register(0x88, 8, 0x20);
      steps.add(
          List.of(
              new Bilingual(
                  "domain-selective IOTLB invalidation of its domain, and a wait",
                  "使它的域的 IOTLB 按域失效，并等待完成")));
    }
    Result result = bench.run("{'op':'dma.write','rid':'nic','iova':'%s','data':'22'}", iova);
    String key = field(result, "pa");
    String hand = used && !flushed ? "0x2000000" : other ? "0x3000000" : "none";
    return bench.exercise(
        "does-it-pass",
        new Bilingual(
            "After the steps below nic writes to "
                + iova
                + " once more. To which address does the"
                + " write go (none if it is refused)?",
            "下列步骤之后 nic 再写一次 " + iova + "。写到哪个地址（被拒则填 none）？"),
        List.of(
            new Table(new Bilingual("Steps", "步骤"), List.of(new Bilingual("step", "步骤")), steps)),
        List.of(answer("Physical address", "物理地址", key, hand)));
  }

  static Answer answer(String english, String chinese, String key, String byHand) {
    return new Answer(new Bilingual(english, chinese), key, byHand, Exercise.Order.KEPT);
  }
}
