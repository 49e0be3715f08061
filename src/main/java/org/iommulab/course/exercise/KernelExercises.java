package org.iommulab.course.exercise;

import static org.iommulab.course.exercise.TableExercises.answer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.iommulab.course.exercise.Exercise.Table;
import org.iommulab.lab.language.Result;
import org.iommulab.trace.CallFrame;
import org.iommulab.words.Bilingual;

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
    return bench.exercise(
        "largest-pages",
        new Bilingual(
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
    return bench.exercise(
        "descriptor",
        new Bilingual(
            "iommu_unmap() takes away "
                + Bench.hex(size)
                + " bytes from "
                + Bench.hex(iova)
                + ". Address and mask (AM) of the page-selective invalidation?",
            "iommu_unmap() 撤销 "
                + Bench.hex(iova)
                + " 起的 "
                + Bench.hex(size)
                + " 字节。按页失效命令的地址与掩码（AM）是什么？"),
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
    return bench.exercise(
        "kernel-line",
        new Bilingual(
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
    return bench.exercise(
        "next-iova",
        new Bilingual(
            "The allocator searches from the top below 4 GiB, ranges aligned to their size. Which"
                + " address does a map of "
                + size
                + " bytes return next?",
            "分配器从 4 GiB 之下由高向低找，范围按大小对齐。再映射 " + size + " 字节得到哪个地址？"),
        List.of(
            Table.of(
                new Bilingual("So far", "此前"),
                List.of(new Bilingual("call", "调用"), new Bilingual("returns", "返回")),
                rows)),
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
    return bench.exercise(
        "slots",
        new Bilingual(
            "old reaches 4 GiB only, the buffer lies above, at the start of a page. How many bounce"
                + " slots are in use after the calls?",
            "old 只能到 4 GiB，缓冲在其上，从页首开始。这些调用之后用了多少回弹槽位？"),
        List.of(Table.of(new Bilingual("Calls", "调用"), List.of(new Bilingual("call", "调用")), rows)),
        List.of(answer("Slots", "槽", String.valueOf(bench.look("slots.used")), "" + hand)));
  }

  /** One operation, its preparation and what it calls from top to bottom. */
  private record Chain(String title, List<String> before, String line, List<String> functions) {}

  /** Boots the kernel whose chains are asked for. */
  private static final String KERNEL =
      "{'op':'linux.boot','era':'6.12','cmdline':'intel_iommu=on iommu.strict=1'}";

  private static final List<String> MAPPING =
      List.of("iommu_map", "iommu_pgsize", "intel_iommu_map_pages", "__domain_mapping");

  private static final List<String> UNMAPPING =
      List.of(
          "__iommu_unmap",
          "iommu_pgsize",
          "intel_iommu_unmap_pages",
          "domain_unmap",
          "dma_pte_clear_level",
          "iommu_iotlb_sync",
          "intel_iommu_tlb_sync",
          "cache_tag_flush_range",
          "qi_submit_sync");

  private static final String MAP =
      "{'op':'call','fn':'iommu_map','args':{'domain':'nic','iova':'0x100000000',"
          + "'paddr':'0x40000000','size':4096,'prot':3}}";

  private static final String DMA_MAP =
      "{'op':'call','fn':'dma_map_single','args':{'dev':'nic','ptr':'0x40000000','size':4096,"
          + "'dir':'DMA_TO_DEVICE'},'as':'h'}";

  private static final List<String> VMM =
      List.of(
          "{'op':'call','fn':'vfio_attach_device','args':{'device':'nic'}}",
          "{'op':'user.alloc','as':'ram','len':'0x4000'}");

  private static final String VFIO_MAP =
      "{'op':'call','fn':'vfio_dma_map','args':{'iova':0,'size':'0x4000','vaddr':'ram'}}";

  private static final List<Chain> CHAINS =
      List.of(
          new Chain("iommu_map()", List.of(), MAP, MAPPING),
          new Chain(
              "iommu_unmap()",
              List.of(MAP),
              "{'op':'call','fn':'iommu_unmap','args':{'domain':'nic','iova':'0x100000000',"
                  + "'size':4096}}",
              joined(List.of("iommu_unmap"), UNMAPPING)),
          new Chain(
              "dma_map_single()",
              List.of(),
              DMA_MAP,
              joined(
                  List.of(
                      "dma_map_page_attrs",
                      "iommu_dma_map_page",
                      "__iommu_dma_map",
                      "iommu_dma_alloc_iova",
                      "alloc_iova_fast",
                      "iova_rcache_get",
                      "alloc_iova",
                      "__alloc_and_insert_iova_range"),
                  MAPPING)),
          new Chain(
              "dma_unmap_single()",
              List.of(DMA_MAP),
              "{'op':'call','fn':'dma_unmap_single','args':{'dev':'nic','addr':'h','size':4096,"
                  + "'dir':'DMA_TO_DEVICE'}}",
              joined(
                  List.of("dma_unmap_page_attrs", "iommu_dma_unmap_page", "__iommu_dma_unmap"),
                  UNMAPPING,
                  List.of("free_iova_fast", "iova_rcache_insert"))),
          new Chain(
              "vfio_dma_map()",
              VMM,
              VFIO_MAP,
              joined(
                  List.of(
                      "vfio_dma_map",
                      "ioctl",
                      "iommufd_vfio_ioctl",
                      "iommufd_vfio_map_dma",
                      "iopt_map_user_pages",
                      "iopt_map_pages",
                      "iopt_alloc_area_pages",
                      "iopt_fill_domains_pages",
                      "iopt_area_fill_domains",
                      "pin_user_pages_fast",
                      "batch_to_domain"),
                  MAPPING)),
          new Chain(
              "vfio_dma_unmap()",
              joined(VMM, List.of(VFIO_MAP)),
              "{'op':'call','fn':'vfio_dma_unmap','args':{'iova':0,'size':'0x4000'}}",
              joined(
                  List.of(
                      "vfio_dma_unmap",
                      "ioctl",
                      "iommufd_vfio_ioctl",
                      "iommufd_vfio_unmap_dma",
                      "iopt_unmap_iova",
                      "iopt_area_unfill_domains",
                      "iopt_area_unpin_domain",
                      "iommu_unmap"),
                  UNMAPPING,
                  List.of("batch_unpin"))));

  @SafeVarargs
  private static List<String> joined(List<String>... parts) {
    return Stream.of(parts).flatMap(List::stream).toList();
  }

  static Exercise chain(long seed) {
    var bench = new Bench(seed);
    bench.run("{'op':'machine','board':'laboratory'}");
    bench.run(KERNEL);
    Chain chain = bench.one(CHAINS);
    chain.before().forEach(bench::run);
    bench.run(chain.line());
    var reached = new ArrayList<>(names(bench.lab.view().lastCalls()));
    reached.retainAll(chain.functions());
    var shuffled = new ArrayList<>(chain.functions());
    Collections.shuffle(shuffled, bench.dice);
    var rows = new ArrayList<List<String>>();
    for (String function : shuffled) {
      rows.add(List.of(letter(shuffled, function), function));
    }
    return bench.exercise(
        "chain",
        new Bilingual(
            "Bring these functions into the order in which "
                + chain.title()
                + " of Linux 6.12 reaches them, each where it is called first. Write the letters.",
            "把这些函数按 Linux 6.12 的 " + chain.title() + " 第一次到达它们的次序排列，写出字母。"),
        List.of(
            Table.of(
                new Bilingual("Functions", "函数"),
                List.of(new Bilingual("letter", "字母"), new Bilingual("function", "函数")),
                rows)),
        List.of(
            answer(
                "Order", "次序", letters(shuffled, reached), letters(shuffled, chain.functions()))));
  }

  private static String letter(List<String> shuffled, String function) {
    return String.valueOf((char) ('a' + shuffled.indexOf(function)));
  }

  private static String letters(List<String> shuffled, List<String> order) {
    return String.join(" ", order.stream().map(function -> letter(shuffled, function)).toList());
  }

  static Exercise mapCalls(long seed) {
    var bench = new Bench(seed);
    bench.run("{'op':'machine','board':'laboratory'}");
    bench.run(KERNEL);
    bench.run("{'op':'call','fn':'vfio_attach_device','args':{'device':'nic'}}");
    int pages = 4 + bench.upTo(6);
    var rows = new ArrayList<List<String>>();
    var frames = new ArrayList<String>();
    long frame = 0x40000L + bench.upTo(0x1000);
    int runs = 1;
    for (int page = 0; page < pages; page++) {
      if (page > 0) {
        boolean joins = bench.upTo(2) == 0;
        frame += joins ? 1 : 2 + bench.upTo(0x100);
        runs += joins ? 0 : 1;
      }
      frames.add(String.format(Locale.ROOT, "{'first':'%s'}", Bench.hex(frame)));
      rows.add(List.of(Integer.toString(page), Bench.hex(frame)));
    }
    bench.run(
        "{'op':'user.alloc','as':'ram','len':%d,'frames':[%s]}",
        pages * 4096, String.join(",", frames));
    bench.run(
        "{'op':'call','fn':'vfio_dma_map','args':{'iova':'0x100000000','size':%d,'vaddr':'ram'}}",
        pages * 4096);
    long calls = count(bench.lab.view().lastCalls(), "iommu_map");
    return bench.exercise(
        "map-calls",
        new Bilingual(
            "A VMM maps a buffer of "
                + pages
                + " pages with one ioctl. Its pages lie in the page frames below. How many times"
                + " is iommu_map() called?",
            "VMM 用一次 ioctl 映射 " + pages + " 页的缓冲，各页在下列页框中。iommu_map() 被调用多少次？"),
        List.of(
            Table.of(
                new Bilingual("Page frames", "页框"),
                List.of(new Bilingual("page", "页"), new Bilingual("frame", "页框")),
                rows)),
        List.of(answer("Calls", "次数", "" + calls, "" + runs)));
  }

  private static long count(List<CallFrame> frames, String function) {
    long count = 0;
    for (CallFrame frame : frames) {
      count += frame.function().equals(function) ? 1 : 0;
      count += count(frame.children(), function);
    }
    return count;
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
