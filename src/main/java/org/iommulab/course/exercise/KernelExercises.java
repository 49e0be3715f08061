package org.iommulab.course.exercise;

import static org.iommulab.course.exercise.TableExercises.answer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.iommulab.course.exercise.Exercise.Table;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.script.Preset.Words;
import org.iommulab.trace.CallFrame;

/** What the kernel does. */
final class KernelExercises {

  private static final long LARGE = 2L << 20;

  private KernelExercises() {}

  private static long ret(Result result) {
    return result instanceof Result.Returned returned ? returned.ret() : -1;
  }

  static Exercise largestPages(long seed) {
    var bench = new Bench(seed);
    bench.run("{'op':'machine','board':'laboratory'}");
    bench.run("{'op':'linux.boot','cmdline':'intel_iommu=on iommu.strict=1'}");
    long shift = bench.one(List.of(0L, 0x1000L, 0x8_0000L));
    long iova = 0x1_0000_0000L + shift;
    long physical = 0x4000_0000L + (bench.upTo(3) == 0 ? 0x1000L : 0) + shift;
    long size = (1 + bench.upTo(3)) * LARGE + bench.upTo(4) * 4096L;
    bench.run(
        "{'op':'call','fn':'iommu_map','args':{'domain':'nic','iova':'%s','paddr':'%s','size':'%s','prot':3}}",
        Bench.hex(iova), Bench.hex(physical), Bench.hex(size));
    int[] leaves = new int[2];
    var browser = bench.lab.view().tables();
    for (var use : browser.uses()) {
      if (use.source().toString().equals("00:03.0")) {
        for (long at = iova; at < iova + size; ) {
          var rows = browser.table(use.table()).path(at);
          int level = rows.getLast().level();
          leaves[level == 1 ? 0 : 1]++;
          at += level == 1 ? 4096 : LARGE;
        }
      }
    }
    int[] hand = new int[2];
    for (long done = 0; done < size; ) {
      boolean large = ((iova + done | physical + done) & LARGE - 1) == 0 && size - done >= LARGE;
      hand[large ? 1 : 0]++;
      done += large ? LARGE : 4096;
    }
    return new Exercise(
        "largest-pages",
        seed,
        new Words(
            "iommu_map() maps "
                + Bench.hex(size)
                + " bytes from "
                + Bench.hex(iova)
                + " to "
                + Bench.hex(physical)
                + "; the unit has 4 KiB, 2 MiB and 1 GiB pages. How many"
                + " leaves of each size are written?",
            "iommu_map() 把 "
                + Bench.hex(iova)
                + " 起的 "
                + Bench.hex(size)
                + " 字节映射到 "
                + Bench.hex(physical)
                + "；单元有 4 KiB、2 MiB、1 GiB 页。各写多少叶子？"),
        List.of(),
        List.of(
            answer("Leaves of 4 KiB", "4 KiB 叶子", "" + leaves[0], "" + hand[0]),
            answer("Leaves of 2 MiB", "2 MiB 叶子", "" + leaves[1], "" + hand[1])));
  }

  static Exercise descriptor(long seed) {
    var bench = new Bench(seed);
    bench.run("{'op':'machine','board':'laboratory'}");
    bench.run("{'op':'linux.boot','cmdline':'intel_iommu=on iommu.strict=1'}");
    int order = bench.upTo(7);
    long size = 4096L << order;
    long iova = 0x1000_0000L + bench.upTo(256) * size;
    bench.run(
        "{'op':'call','fn':'iommu_map','args':{'domain':'nic','iova':'%s','paddr':'0x40000000','size':'%s','prot':3}}",
        Bench.hex(iova), Bench.hex(size));
    bench.run(
        "{'op':'call','fn':'iommu_unmap','args':{'domain':'nic','iova':'%s','size':'%s'}}",
        Bench.hex(iova), Bench.hex(size));
    Object word = bench.look("qi(iotlb_inv)[0].qw1");
    long low = word instanceof Number number ? number.longValue() : 0;
    return new Exercise(
        "descriptor",
        seed,
        new Words(
            "iommu_unmap() takes away "
                + Bench.hex(size)
                + " bytes from "
                + Bench.hex(iova)
                + ". Address and mask (AM) of the page-selective invalidation?",
            "iommu_unmap() 撤销 "
                + Bench.hex(iova)
                + " 起的 "
                + Bench.hex(size)
                + " 字节。按页作废的地址与掩码（AM）是什么？"),
        List.of(),
        List.of(
            answer("ADDR", "ADDR", Bench.hex(low & -4096L), Bench.hex(iova)),
            answer("AM", "AM", "" + (low & 0x3F), "" + order)));
  }

  static Exercise kernelLine(long seed) {
    var bench = new Bench(seed);
    bench.run("{'op':'machine','board':'laboratory'}");
    bench.run("{'op':'linux.boot','cmdline':'intel_iommu=on iommu.strict=1'}");
    String device = bench.one(List.of("nic", "old", "rogue"));
    boolean read = bench.upTo(2) == 0;
    long page = (0x1000L + bench.upTo(1 << 16)) * 4096L;
    bench.run(
        read
            ? "{'op':'dma.read','rid':'%s','iova':'%s','len':8}"
            : "{'op':'dma.write','rid':'%s','iova':'%s','data':'11'}",
        device,
        Bench.hex(page));
    String line =
        bench.lab.view().kernel().orElseThrow().dmesg().stream()
            .filter(one -> one.contains("fault addr"))
            .reduce((first, second) -> second)
            .orElseThrow();
    Object reason = bench.look("result.chunks[0].diag.reason");
    String id = Map.of("nic", "00:03.0", "old", "00:04.0", "rogue", "00:05.0").get(device);
    return new Exercise(
        "kernel-line",
        seed,
        new Words(
            "The kernel log says: " + line + " Which device, which reason (decimal)?",
            "内核日志：" + line + " 哪个设备，什么原因（十进制）？"),
        List.of(),
        List.of(
            answer(
                "Device",
                "设备",
                line.contains(String.valueOf(id)) ? String.valueOf(id) : "none",
                String.valueOf(id)),
            answer("Reason", "原因", String.valueOf(reason), read ? "6" : "5")));
  }

  static Exercise nextIova(long seed) {
    var bench = new Bench(seed);
    bench.run("{'op':'machine','board':'laboratory'}");
    bench.run("{'op':'linux.boot','cmdline':'intel_iommu=on iommu.strict=1'}");
    long top = 0x1_0000_0000L;
    var rows = new ArrayList<List<String>>();
    int count = 1 + bench.upTo(4);
    for (int i = 0; i < count; i++) {
      int order = bench.upTo(4);
      long size = 4096L << order;
      top = top - size & -size;
      long got =
          ret(
              bench.run(
                  "{'op':'call','fn':'dma_map_single','args':{'dev':'nic','ptr':'0x40000000','size':%d,'dir':'DMA_TO_DEVICE'}}",
                  size));
      rows.add(List.of("dma_map_single(nic, " + size + ")", Bench.hex(got)));
    }
    int order = bench.upTo(4);
    long size = 4096L << order;
    long hand = top - size & -size;
    long key =
        ret(
            bench.run(
                "{'op':'call','fn':'dma_map_single','args':{'dev':'nic','ptr':'0x40000000','size':%d,'dir':'DMA_TO_DEVICE'}}",
                size));
    return new Exercise(
        "next-iova",
        seed,
        new Words(
            "The allocator searches from the top below 4 GiB, ranges aligned to their size. Which"
                + " address does a map of "
                + size
                + " bytes return next?",
            "分配器从 4 GiB 之下由高向低找，范围按大小对齐。再映射 " + size + " 字节得到哪个地址？"),
        List.of(new Table("So far / 此前", List.of("call", "returns"), rows)),
        List.of(answer("Address", "地址", Bench.hex(key), Bench.hex(hand))));
  }

  static Exercise slots(long seed) {
    var bench = new Bench(seed);
    bench.run("{'op':'machine','board':'laboratory'}");
    bench.run("{'op':'linux.boot','cmdline':'intel_iommu=off'}");
    int hand = 0;
    var rows = new ArrayList<List<String>>();
    for (int i = 0; i < 1 + bench.upTo(4); i++) {
      int size = 1 + bench.upTo(20_000);
      hand += size + 2047 >>> 11;
      bench.run(
          "{'op':'call','fn':'dma_map_single','args':{'dev':'old','ptr':'0x180000000','size':%d,'dir':'DMA_TO_DEVICE'}}",
          size);
      rows.add(List.of("dma_map_single(old, " + size + ")"));
    }
    return new Exercise(
        "slots",
        seed,
        new Words(
            "old reaches 4 GiB only, the buffer lies above, at the start of a page. How many bounce"
                + " slots are in use after the calls?",
            "old 只能到 4 GiB，缓冲在其上，从页首开始。这些调用之后用了多少弹跳槽？"),
        List.of(new Table("Calls / 调用", List.of("call"), rows)),
        List.of(answer("Slots", "槽", String.valueOf(bench.look("slots.used")), "" + hand)));
  }

  static Exercise bootLine(long seed) {
    var bench = new Bench(seed);
    boolean on = bench.upTo(4) != 0;
    boolean through = bench.upTo(3) == 0;
    boolean strict = bench.upTo(2) == 0;
    String line =
        (on ? "intel_iommu=on" : "intel_iommu=off")
            + (through ? " iommu=pt" : "")
            + (strict ? " iommu.strict=1" : "");
    bench.run("{'op':'machine','board':'laboratory'}");
    bench.run("{'op':'linux.boot','cmdline':'%s'}", line);
    Result dma = bench.run("{'op':'dma.write','rid':'rogue','iova':'0x2000000','data':'11'}");
    Object on0 = bench.look("reg(GSTS).TES");
    return new Exercise(
        "boot-line",
        seed,
        new Words(
            "A kernel boots with \""
                + line
                + "\" on a machine with VT-d. Is translation on (1 or 0),"
                + " and may an unknown card write to address 0x2000000 (done or blocked)?",
            "内核以“" + line + "”在有 VT-d 的机器上启动。转换开了吗（1 或 0）？未知的卡能写 0x2000000 吗（done 或 blocked）？"),
        List.of(),
        List.of(
            answer("GSTS.TES", "GSTS.TES", String.valueOf(on0), on ? "1" : "0"),
            answer(
                "The write",
                "这次写",
                String.valueOf(dma.fields().get("st")),
                on && !through ? "blocked" : "done")));
  }

  static Exercise groups(long seed) {
    var bench = new Bench(seed);
    var devices = new ArrayList<String>();
    var rows = new ArrayList<List<String>>();
    var without = new TreeSet<String>();
    var all = new ArrayList<String>();
    int functions = 2 + bench.upTo(4);
    for (int i = 0; i < functions; i++) {
      boolean acs = bench.upTo(2) == 0;
      String name = "f" + i;
      all.add(name);
      if (!acs) {
        without.add(name);
      }
      devices.add(
          String.format(
              Locale.ROOT, "{'name':'%s','at':'00:06.%d','kind':'engine','acs':%b}", name, i, acs));
      rows.add(List.of(name, "00:06." + i, acs ? "yes" : "no"));
    }
    bench.run("{'op':'machine','aw_bits':48,'devices':[%s]}", String.join(",", devices));
    bench.run("{'op':'linux.boot','cmdline':'intel_iommu=on'}");
    String asked = bench.one(all);
    String key = "";
    for (var group : bench.lab.view().kernel().orElseThrow().groups()) {
      var names = new TreeSet<String>();
      group.devices().forEach(id -> names.add("f" + id.function()));
      if (names.contains(asked)) {
        key = String.join(" ", names);
      }
    }
    String hand = without.contains(asked) ? String.join(" ", without) : asked;
    return new Exercise(
        "group",
        seed,
        new Words(
            "One slot has the functions below. Which of them are in the IOMMU group of "
                + asked
                + "?",
            "一个插槽有下列功能。哪些与 " + asked + " 同在一个 IOMMU 组？"),
        List.of(new Table("Slot / 插槽", List.of("name", "id", "ACS"), rows)),
        List.of(answer("Group", "组", key, hand)));
  }

  static Exercise chain(long seed) {
    var bench = new Bench(seed);
    bench.run("{'op':'machine','board':'laboratory'}");
    bench.run("{'op':'linux.boot','cmdline':'intel_iommu=on iommu.strict=1'}");
    bench.run(
        "{'op':'call','fn':'iommu_map','args':{'domain':'nic','iova':'%s','paddr':'0x40000000','size':4096,'prot':3}}",
        Bench.hex(0x1_0000_0000L + bench.upTo(1000) * 4096L));
    var order = new ArrayList<>(names(bench.lab.view().lastCalls()));
    List<String> hand = List.of("iommu_map", "intel_iommu_map_pages", "__domain_mapping");
    var known = new ArrayList<>(order);
    known.retainAll(hand);
    var shuffled = new ArrayList<>(known);
    Collections.shuffle(shuffled, bench.dice);
    var expected = new ArrayList<>(hand);
    expected.retainAll(known);
    return new Exercise(
        "chain",
        seed,
        new Words(
            "Bring these functions into the order in which iommu_map() reaches them.",
            "把这些函数按 iommu_map() 到达它们的次序排列。"),
        List.of(
            new Table(
                "Functions / 函数", List.of("function"), shuffled.stream().map(List::of).toList())),
        List.of(answer("Order", "次序", String.join(" ", known), String.join(" ", expected))));
  }

  private static LinkedHashSet<String> names(List<CallFrame> frames) {
    var names = new LinkedHashSet<String>();
    for (CallFrame frame : frames) {
      names.add(frame.function());
      names.addAll(names(frame.children()));
    }
    return names;
  }
}
