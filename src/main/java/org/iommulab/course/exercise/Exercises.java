package org.iommulab.course.exercise;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.iommulab.words.Bilingual;

/** The kinds of exercises, each drawn by a seed. */
public final class Exercises {

  /** How seeds of a sheet follow from its own. */
  private static final long STRIDE = 1_000_003L;

  /**
   * A kind of exercise.
   *
   * @param title one line
   * @param about what is asked, one sentence
   */
  public record Kind(String name, Bilingual title, Bilingual about) {}

  private record Maker(Kind kind, LongFunction<Exercise> draw) {}

  private static final Map<String, Maker> KINDS = new LinkedHashMap<>();

  private static void add(
      String name, LongFunction<Exercise> draw, Bilingual title, String about, String inChinese) {
    KINDS.put(name, new Maker(new Kind(name, title, new Bilingual(about, inChinese)), draw));
  }

  static {
    add(
        "translate",
        TableExercises::translate,
        new Bilingual("Translate by hand", "手工转换"),
        "Walk second-stage tables of three, four or five levels to the byte.",
        "在三级、四级或五级的第二级页表里走到那个字节。");
    add(
        "first-stage",
        StageExercises::firstStage,
        new Bilingual("Translate in the first stage", "第一级转换"),
        "From the PASID directory through a first-stage table of four or five levels.",
        "从 PASID 目录起，走四级或五级的第一级页表。");
    add(
        "nested",
        StageExercises::nested,
        new Bilingual("Translate nested", "嵌套转换"),
        "Every address in the guest's table goes through the host's table.",
        "客户机页表里的每个地址都要再经过宿主机的页表。");
    add(
        "faulting-entry",
        TableExercises::faultingEntry,
        new Bilingual("Find the entry that faults", "找出出错的表项"),
        "One entry on the way refuses the request: which, and with which reason?",
        "途中有一个表项拒绝了请求：是哪一个，原因是什么？");
    add(
        "requester",
        TableExercises::requester,
        new Bilingual("Root and context entry", "根表项与上下文表项"),
        "Which two entries does the unit read for a requester id?",
        "对一个请求者号，单元读哪两个表项？");
    add(
        "build-entry",
        TableExercises::buildEntry,
        new Bilingual("Build an entry", "写出表项"),
        "From words to the bits of a leaf.",
        "从文字描述写出叶子的各位。");
    add(
        "read-entry",
        TableExercises::readContext,
        new Bilingual("Read an entry", "读懂表项"),
        "From the bits of a context entry to domain, width and table.",
        "从上下文表项的各位读出域、宽度和页表。");
    add(
        "survivors",
        TableExercises::survivors,
        new Bilingual("What is left in the cache", "缓存里还剩什么"),
        "Which lines survive an invalidation with a mask?",
        "带掩码的失效操作之后哪些缓存行留了下来？");
    add(
        "fault-record",
        TableExercises::faultRecord,
        new Bilingual("Read a fault record", "读懂故障记录"),
        "Who asked for what, and why was it refused?",
        "谁要做什么，为什么被拒？");
    add(
        "does-it-pass",
        TableExercises::stillPasses,
        new Bilingual("Does this DMA pass?", "这次 DMA 能通过吗"),
        "From the tables or from a cache, to which address, or not at all.",
        "来自页表还是缓存，写到哪里，还是被拒。");
    add(
        "largest-pages",
        KernelExercises::largestPages,
        new Bilingual("The largest pages", "最大的页"),
        "How many leaves of each size does a mapping take?",
        "一次映射要写多少个各种大小的叶子？");
    add(
        "map-calls",
        KernelExercises::mapCalls,
        new Bilingual("How many calls of iommu_map()", "调用多少次 iommu_map()"),
        "One ioctl maps a buffer whose page frames lie in pieces.",
        "一次 ioctl 映射一个页框分散的缓冲。");
    add(
        "descriptor",
        KernelExercises::descriptor,
        new Bilingual("Write a descriptor", "写出描述符"),
        "Address and mask of the invalidation for an unmapped range.",
        "撤销一段映射时，失效命令的地址与掩码。");
    add(
        "kernel-line",
        KernelExercises::kernelLine,
        new Bilingual("Read a line of the kernel log", "读懂内核日志的一行"),
        "Which device, and why?",
        "哪个设备，什么原因？");
    add(
        "next-iova",
        KernelExercises::nextIova,
        new Bilingual("The next IOVA", "下一个 IOVA"),
        "Where does the allocator put the next mapping?",
        "分配器把下一个映射放在哪里？");
    add(
        "slots",
        KernelExercises::slots,
        new Bilingual("Bounce slots", "回弹槽位"),
        "How many slots of the SWIOTLB do some mappings take?",
        "几次映射占用多少个 SWIOTLB 槽？");
    add(
        "boot-line",
        BootExercises::bootLine,
        new Bilingual("Outcome of a boot line", "启动参数的结果"),
        "Is translation on, and who is kept out?",
        "转换开了吗，谁被挡在外面？");
    add(
        "group",
        BootExercises::groups,
        new Bilingual("Which devices share a group", "哪些设备同组"),
        "From ACS to IOMMU groups.",
        "由 ACS 推出 IOMMU 组。");
    add(
        "chain",
        KernelExercises::chain,
        new Bilingual("Order the calls of a chain", "排列调用链"),
        "From the VMM or driver down to the page table.",
        "从 VMM 或驱动一直到页表。");
  }

  private Exercises() {}

  /** Names of all kinds. */
  public static List<String> kinds() {
    return List.copyOf(KINDS.keySet());
  }

  /** All kinds with their words. */
  public static List<Kind> all() {
    return KINDS.values().stream().map(Maker::kind).toList();
  }

  /** An exercise of a kind; the same seed gives the same exercise. */
  public static Exercise draw(String kind, long seed) {
    Maker maker = KINDS.get(kind);
    if (maker == null) {
      throw new IllegalArgumentException("no kind " + kind);
    }
    return maker.draw().apply(seed);
  }

  /** Several of a kind, from seeds that follow from one. */
  public static List<Exercise> draw(String kind, long seed, int count) {
    var drawn = new ArrayList<Exercise>();
    for (int i = 0; i < count; i++) {
      drawn.add(draw(kind, seed * STRIDE + i));
    }
    return drawn;
  }

  /** The seed of a student: the same name gives the same sheet. */
  public static long seedOf(String name, long seed) {
    long mixed = seed;
    for (char letter : name.strip().toCharArray()) {
      mixed = mixed * 31 + letter;
    }
    return mixed & 0x7FFF_FFFFL;
  }
}
