package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.words.Bilingual;

/** Words that rules fill into their sentences, in English and Chinese; {0}, {1} are filled in. */
enum Wording {
  // ---- tables
  LEAF_ENTRY("A leaf entry", "一个叶表项"),
  TABLE_POINTER("A table pointer", "一个表指针"),
  NEVER("it never will be", "以后也不会"),
  FRAME_IN_USE("frame {0} is in use again", "页框 {0} 又被使用"),
  CONTEXT_CACHE("context cache", "上下文缓存"),
  CONTEXT("context", "上下文"),
  ENTRY_OF("the entry of {0}", "{0} 的表项"),
  CONTEXT_CACHE_WAS("the context cache was", "上下文缓存"),
  IOTLB_WAS("the IOTLB was", "IOTLB"),
  CACHES_WERE("the context cache and the IOTLB were", "上下文缓存与 IOTLB"),
  READS("reads", "读"),
  WRITES("writes", "写"),
  LARGE_PAGE("a page of {0} MiB", "{0} MiB 的页"),
  A_TABLE("a table", "一张表"),
  ROOT_TABLE("the root table", "根表"),
  CONTEXT_TABLE("a context table", "上下文表"),
  PASID_DIRECTORY("a PASID directory", "PASID 目录"),
  PASID_TABLE("a PASID table", "PASID 表"),
  PAGING_TABLE("a level-{0} paging table", "第 {0} 级页表"),
  QUEUE("the invalidation queue", "失效队列"),
  INTERRUPT_TABLE("the interrupt table", "中断重映射表"),
  PAGING_ENTRY("entry of the level-{0} paging table", "第 {0} 级页表的表项"),
  CONTEXT_ENTRY("context entry of {0}", "{0} 的上下文表项"),
  NO_SUCH_PAGES("the unit has no such pages", "单元没有这种页"),
  NOT_ALIGNED("the frame {0} is not aligned to it", "页框 {0} 没有对齐"),
  FIRST_STAGE("PGTT = first stage", "PGTT = 第一级"),
  SECOND_STAGE("PGTT = second stage", "PGTT = 第二级"),
  FIVE_LEVELS("FSPM = 5 levels", "FSPM = 5 级"),
  REQUESTER("a requester", "某个请求者"),
  // ---- queue, commands, faults, interrupts
  NEW_ADDRESS("given a new address while running", "运行中被换了地址"),
  LEFT_DESCRIPTORS("switched off with descriptors left", "还有描述符就被关闭"),
  NO_LAST_WAIT("switched off although the last descriptor was no wait", "最后一个描述符不是等待就被关闭"),
  REMAPPING_NEEDS_IT("switched off while interrupt remapping needs it", "中断重映射还需要时被关闭"),
  ENABLED_WITH_TAIL("enabled with IQT = {0}", "在 IQT = {0} 时开启"),
  ENDS_AT("the queue ends at {0}", "队列到 {0} 为止"),
  MULTIPLE_OF_32("with 256-bit descriptors it is a multiple of 32", "256 位描述符时它是 32 的倍数"),
  EMPTY_QUEUE("tail = head means empty, so {0} descriptors are lost", "尾等于头表示队列为空，丢了 {0} 个描述符"),
  QUEUE_IS_ON("the queue is on", "队列已开启"),
  NO_REGISTERS("the unit has no register invalidation", "单元没有寄存器失效接口"),
  AWAITED_TWICE("is awaited twice", "被等待两次"),
  HELD_BEFORE("held {0} before already", "之前已经是 {0}"),
  NO_ANSWER("a device did not answer", "有设备没有应答"),
  ANY_ORDER(
      "the unit may do them in any order; one bit a write, GSTS read in between",
      "单元执行的次序不定；一次写一位，其间读 GSTS"),
  SWITCHED_OFF("it switched off {0}", "它关掉了 {0}"),
  NO_ROOT("no root table was ever taken over with SRTP", "从未用 SRTP 装入根表"),
  EMPTY_ROOT("the root table has no present entry", "根表没有存在的表项"),
  RECORDS_FULL("every record is in use and a fault was dropped", "记录全部占用，丢了一个故障"),
  RECORD_UNREAD(
      "a fault record has been in use for a second and nobody read it", "一条故障记录占用了一秒，没有人读"),
  DEVICES("{0} devices", "{0} 个设备"),
  // ---- the DMA API
  ONE_BUFFER("one buffer", "单个缓冲"),
  SCATTER_LIST("scatter list", "分散列表"),
  COHERENT("coherent memory", "一致性内存"),
  RESOURCE("resource", "资源"),
  REST_OF_PAGE("the rest of the page is open to it", "页的其余部分对它敞开"),
  MAP_MUST_FAIL("the map must fail, and that is the protection", "映射必须失败，这正是保护"),
  MAPPED_FOR_GOOD("coherent memory, mapped already for good", "一致性内存，早已长期映射"),
  NO_RAM("no RAM", "不是内存"),
  FORGOTTEN(", and of {0} the address is forgotten", "，其中 {0} 个的地址已被遗忘"),
  RELEASED_AT(" (it was released at step {0})", "（它在第 {0} 步已释放）"),
  BYTES_AT("{0} bytes at {1}", "{1} 处 {0} 字节"),
  PROCESSOR_WROTE("The processor wrote", "被处理器写入"),
  PROCESSOR_READ("The processor read", "被处理器读取"),
  READ_ONLY("read-only", "只读"),
  TO_READ("read", "读"),
  TO_WRITE("write", "写"),
  ADDRESSES_CUT("high addresses would be cut", "高地址会被截断"),
  OUT_OF_REACH("most of memory is out of its reach for nothing", "白白够不到大部分内存"),
  MASK_FAILED("setting it failed, and DMA goes on", "设置失败，DMA 照旧"),
  JUST_DID("{0} just did", "{0} 刚刚就用了"),
  JUST_FREED("its memory was just freed", "它的内存刚被释放"),
  // ---- processes
  INTERRUPT_WINDOW(
      "the interrupt window: addresses there are interrupts, not memory", "中断窗口：那里的地址是中断，不是内存"),
  RESERVED_REGION("a reserved region ({0}) of {1}", "{1} 的保留区（{0}）"),
  BEYOND_UNIT("nothing: it is beyond what the unit can translate", "空无之处：超出单元能转换的范围"),
  THAT_IT_MAY_WRITE(" that it may write", "，或它不可写"),
  WRITTEN_BEFORE(
      "{0} pages were written before tracking began: the bitmap will never show them",
      "跟踪开始之前已写了 {0} 页：位图永远不会显示它们"),
  HOLES(
      "the range has {0} bytes that are not mapped; the call clears what it reads and says nothing"
          + " of the holes",
      "范围中有 {0} 字节没有映射；调用清除它读到的，对空洞只字不提"),
  UNREAD_BITS(
      "{0} written pages were unmapped before their bits were read", "{0} 个写过的页在读取位之前就解除了映射"),
  THE_DEVICE("the device", "该设备"),
  PROCESS_ADDRESS(
      "that is an address of the process, mapped for devices at {0}", "那是进程的地址，给设备的映射在 {0}"),
  NOTHING_MAPPED("nothing is mapped for it at all", "根本没有给它映射任何东西"),
  NEAREST("no area holds it; the nearest one starts at {0}", "没有区域包含它；最近的从 {0} 开始"),
  FIRMWARE_RANGE("{0} to {1}", "{0} 至 {1}"),
  NOT_TRANSLATED("{0} was not translated", "{0} 没有被转换"),
  // ---- what the kernel's books still hold, in the kernel's words
  FRAMES_LEFT("{0} page frames of tables are not back", "{0} 个表的页框没有归还"),
  IDS_LEFT("{0} domain ids are not back", "{0} 个域号没有归还"),
  CONTEXTS_OPEN("{0} iommufd contexts are open", "{0} 个 iommufd 上下文仍打开"),
  GROUP_OWNED("group {0} belongs to {1}", "组 {0} 属于 {1}"),
  DOMAIN_EXISTS("domain {0} of {1} exists", "{1} 的域 {0} 仍存在"),
  PAGES_PINNED("{0} has {1} pinned pages", "{0} 有 {1} 个固定页"),
  PAGES_CHARGED("{0} is charged for locked pages", "{0} 仍计着锁定页"),
  IOMMUFD_CONTEXT("an iommufd context", "一个 iommufd 上下文"),
  VFIO_CONTAINER("a VFIO container", "一个 VFIO 容器");

  private final Bilingual words;

  Wording(String english, String chinese) {
    words = new Bilingual(english, chinese);
  }

  String english() {
    return words.english();
  }

  String chinese() {
    return words.chinese();
  }

  /** The words with their places filled in. */
  Bilingual with(Object... says) {
    return filled(words, says);
  }

  /** Words with their places, {@code {0}} and on, filled in. */
  static Bilingual filled(Bilingual words, Object... says) {
    String english = words.english();
    String chinese = words.chinese();
    for (int i = 0; i < says.length; i++) {
      Bilingual said = plain(says[i]);
      english = english.replace("{" + i + "}", said.english());
      chinese = chinese.replace("{" + i + "}", said.chinese());
    }
    return new Bilingual(english, chinese);
  }

  /** What is the same in every language: a number, a name, a word of the specification. */
  static Bilingual plain(Object value) {
    return value instanceof Bilingual words ? words : Bilingual.same(String.valueOf(value));
  }

  /** One after the other. */
  static Bilingual and(List<?> all) {
    return new Bilingual(
        String.join(" and ", all.stream().map(one -> plain(one).english()).toList()),
        String.join("、", all.stream().map(one -> plain(one).chinese()).toList()));
  }

  /** A line of the kernel's books in both languages, by the phrase that it has the form of. */
  static Bilingual ofBooks(String line) {
    for (Wording phrase : values()) {
      if (phrase.compareTo(FRAMES_LEFT) >= 0) {
        Matcher matcher =
            Pattern.compile(phrase.english().replaceAll("\\{.}", "(.+)")).matcher(line);
        if (matcher.matches()) {
          var says = new ArrayList<Object>();
          for (int i = 1; i <= matcher.groupCount(); i++) {
            says.add(ofBooks(matcher.group(i)));
          }
          return phrase.with(says.toArray());
        }
      }
    }
    return Wording.plain(line);
  }
}
