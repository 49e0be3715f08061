package org.iommulab.lab.run.call;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Field;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.linux.dma.CoherentBuffer;
import org.iommulab.linux.dma.DmaApi;
import org.iommulab.linux.dma.DmaDevice;
import org.iommulab.linux.dma.DmaMapping;
import org.iommulab.linux.dma.KernelBuffers;
import org.iommulab.linux.dma.SgMapping;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.words.Bilingual;

/** The DMA API: buffers that are handed over, scatter lists, memory that is shared. */
final class DmaFunctions {

  private static final long SKIP_CPU_SYNC = 0x20;

  static final Parameter DEVICE = Parameter.of(Field.device("dev"));

  private static final Parameter SIZE = Parameter.of(Field.expression("size").needed(), "len");

  private static final Parameter DIRECTION = Parameter.of(Field.expression("dir").needed());

  private static final Parameter ADDRESS =
      Parameter.of(
          Field.expression("addr").needed(), "dma_addr", "dma_address", "dma_handle", "handle");

  private static final Parameter BUFFER =
      Parameter.of(Field.expression("ptr").needed(), "cpu_addr", "phys", "page");

  private static final Parameter OFFSET = Parameter.of(Field.expression("offset"));

  private static final Parameter ATTRIBUTES = Parameter.of(Field.expression("attrs"));

  private static final Parameter ENTRIES = Parameter.of(Field.expression("nents"));

  private static final Parameter FLAGS = Parameter.of(Field.text("gfp"));

  private static final Parameter PLACE =
      Parameter.of(Field.expression("phys").note("where it should lie"));

  /** One entry of a scatter list. */
  private static final List<Field> ENTRY =
      List.of(
          Field.expression("phys"),
          Field.expression("page"),
          Field.expression("addr"),
          Field.expression("offset"),
          Field.expression("length"),
          Field.expression("len"));

  private DmaFunctions() {}

  static List<Function> all() {
    return Stream.of(streaming(), scatter(), memory(), DeviceFunctions.all())
        .flatMap(List::stream)
        .map(DmaFunctions::onCpu)
        .toList();
  }

  /** Any of these may be called by another CPU, which then stays the one that runs. */
  private static Function onCpu(Function function) {
    Function.Body body = function.body();
    return function.around(
        (scope, arguments) -> {
          Function.Work work = body.prepare(scope, arguments);
          if (!arguments.has("cpu")) {
            return work;
          }
          var cpus = scope.dma().cpus();
          int cpu = (int) arguments.between("cpu", 0, 0, cpus.count() - 1);
          return () -> {
            cpus.switchTo(cpu);
            return work.run();
          };
        },
        Parameter.of(Field.expression("cpu")));
  }

  // ---- arguments --------------------------------------------------------------------------------

  private static DmaDirection direction(Scope scope, Arguments arguments) throws Complaint {
    if (!arguments.has("dir")) {
      arguments.number("dir");
    }
    String word = arguments.word("dir");
    if (DmaDirection.of(word).isEmpty() && scope.state().names().known(word)) {
      word = Long.toString(arguments.number("dir"));
    }
    return DmaDirection.of(word)
        .orElseThrow(
            () ->
                arguments.wrong(
                    "dir",
                    "must be the direction DMA_TO_DEVICE, DMA_FROM_DEVICE or DMA_BIDIRECTIONAL",
                    "必须是方向 DMA_TO_DEVICE、DMA_FROM_DEVICE 或 DMA_BIDIRECTIONAL"));
  }

  private static boolean skipsSync(Scope scope, Arguments arguments) throws Complaint {
    if (!arguments.has("attrs")) {
      return false;
    }
    String word = arguments.word("attrs");
    return word.equals("DMA_ATTR_SKIP_CPU_SYNC")
        || (scope.state().names().known(word) && arguments.number("attrs") == SKIP_CPU_SYNC);
  }

  private static long place(Arguments arguments) throws Complaint {
    return arguments.has("phys") ? DmaApi.directPhysical(arguments.number("phys")) : -1;
  }

  // ---- one buffer -------------------------------------------------------------------------------

  private static List<Function> streaming() {
    Function map =
        Function.of(
                "dma_map_page",
                "Hands a buffer over to a device.",
                DmaFunctions::map,
                DEVICE,
                BUFFER,
                OFFSET,
                SIZE,
                DIRECTION,
                ATTRIBUTES)
            .answers("`dma_addr`");
    Function unmap =
        Function.of(
            "dma_unmap_single",
            "Takes a buffer back.",
            DmaFunctions::unmap,
            DEVICE,
            ADDRESS,
            SIZE,
            DIRECTION,
            ATTRIBUTES);
    return List.of(
        Function.of(
                "dma_map_single",
                "Hands a buffer over to a device that its driver knows by its kernel address.",
                DmaFunctions::mapSingle,
                DEVICE,
                BUFFER,
                OFFSET,
                SIZE,
                DIRECTION,
                ATTRIBUTES)
            .answers("`dma_addr`"),
        map,
        map.as("dma_map_phys"),
        map.as("dma_map_page_attrs"),
        unmap,
        unmap.as("dma_unmap_phys"),
        unmap.as("dma_unmap_page"),
        unmap.as("dma_unmap_page_attrs"),
        sync("dma_sync_single_for_cpu", "Lets the CPU read what the device wrote.", false),
        sync("dma_sync_single_for_device", "Lets the device read what the CPU wrote.", true),
        Function.of(
            "dma_mapping_error",
            "Tells whether a mapping failed.",
            DmaFunctions::isError,
            Parameter.of(Field.text("dev")),
            Parameter.of(Field.expression("dma_addr").needed(), "addr")),
        Function.of(
                "dma_map_resource",
                "Lets a device reach the registers of another.",
                DmaFunctions::mapResource,
                DEVICE,
                Parameter.of(Field.expression("phys_addr").needed(), "phys"),
                SIZE,
                DIRECTION,
                ATTRIBUTES)
            .answers("`dma_addr`"),
        Function.of(
            "dma_unmap_resource",
            "Ends that.",
            DmaFunctions::unmapResource,
            DEVICE,
            ADDRESS,
            SIZE,
            DIRECTION,
            ATTRIBUTES));
  }

  private static Function.Work mapSingle(Scope scope, Arguments arguments) throws Complaint {
    DmaDevice device = scope.dmaDevice(arguments);
    long pointer = arguments.number("ptr") + arguments.numberOr("offset", 0);
    long size = arguments.number("size");
    DmaDirection direction = direction(scope, arguments);
    boolean skipSync = skipsSync(scope, arguments);
    return () -> Outcome.of(scope.dma().mapSingle(device, pointer, size, direction, skipSync));
  }

  private static Function.Work map(Scope scope, Arguments arguments) throws Complaint {
    DmaDevice device = scope.dmaDevice(arguments);
    long phys = DmaApi.directPhysical(arguments.number("ptr")) + arguments.numberOr("offset", 0);
    long size = arguments.number("size");
    DmaDirection direction = direction(scope, arguments);
    boolean skipSync = skipsSync(scope, arguments);
    return () -> Outcome.of(scope.dma().map(device, phys, size, direction, skipSync));
  }

  private static Function.Work unmap(Scope scope, Arguments arguments) throws Complaint {
    DmaDevice device = scope.dmaDevice(arguments);
    long address = arguments.number("addr");
    long size = arguments.number("size");
    DmaDirection direction = direction(scope, arguments);
    boolean skipSync = skipsSync(scope, arguments);
    return () -> Outcome.of(scope.dma().unmap(device, address, size, direction, skipSync));
  }

  private static Function sync(String name, String does, boolean forDevice) {
    return Function.of(
        name,
        does,
        (scope, arguments) -> {
          DmaDevice device = scope.dmaDevice(arguments);
          long address = arguments.number("addr");
          long size = arguments.number("size");
          DmaDirection direction = direction(scope, arguments);
          DmaApi api = scope.dma();
          return () ->
              Outcome.of(
                  forDevice
                      ? api.syncForDevice(device, address, size, direction)
                      : api.syncForCpu(device, address, size, direction));
        },
        DEVICE,
        ADDRESS,
        SIZE,
        DIRECTION);
  }

  private static Function.Work isError(Scope scope, Arguments arguments) throws Complaint {
    boolean error = arguments.number("dma_addr") == DmaMapping.ERROR;
    return () -> Outcome.value(error ? 1 : 0);
  }

  private static Function.Work mapResource(Scope scope, Arguments arguments) throws Complaint {
    DmaDevice device = scope.dmaDevice(arguments);
    long phys = arguments.number("phys_addr");
    long size = arguments.number("size");
    DmaDirection direction = direction(scope, arguments);
    return () -> Outcome.of(scope.dma().mapResource(device, phys, size, direction));
  }

  private static Function.Work unmapResource(Scope scope, Arguments arguments) throws Complaint {
    DmaDevice device = scope.dmaDevice(arguments);
    long address = arguments.number("addr");
    long size = arguments.number("size");
    DmaDirection direction = direction(scope, arguments);
    return () -> Outcome.of(scope.dma().unmapResource(device, address, size, direction));
  }

  // ---- scatter lists ----------------------------------------------------------------------------

  private static List<Function> scatter() {
    Function map =
        Function.of(
                "dma_map_sg",
                "Hands scattered buffers over as one list; returns how many segments it has.",
                DmaFunctions::mapList,
                DEVICE,
                Parameter.of(
                    Field.objects("sg", ENTRY).needed().note("a list of `phys`, `length`")),
                ENTRIES,
                DIRECTION,
                ATTRIBUTES)
            .answers("`dma_addr`, `sg`");
    Function unmap =
        Function.of(
            "dma_unmap_sg",
            "Takes a list back.",
            DmaFunctions::unmapList,
            DEVICE,
            ADDRESS,
            ENTRIES,
            DIRECTION,
            ATTRIBUTES);
    return List.of(
        map,
        map.as("dma_map_sgtable"),
        unmap,
        unmap.as("dma_unmap_sgtable"),
        syncList("dma_sync_sg_for_cpu", "Lets the CPU read what the device wrote.", false),
        syncList("dma_sync_sg_for_device", "Lets the device read what the CPU wrote.", true));
  }

  private static Function.Work mapList(Scope scope, Arguments arguments) throws Complaint {
    DmaDevice device = scope.dmaDevice(arguments);
    var entries = new ArrayList<SgMapping.Entry>();
    for (Arguments entry : arguments.list("sg", new Bilingual("entry", "条目"), ENTRY)) {
      long phys =
          DmaApi.directPhysical(entry.number(first(entry, "phys", "page", "addr")))
              + entry.numberOr("offset", 0);
      entries.add(new SgMapping.Entry(phys, entry.number(first(entry, "length", "len"))));
    }
    if (!arguments.has("sg")) {
      throw arguments.wrong(
          "sg",
          "is missing: a list of entries with \"phys\" and \"length\"",
          "缺失：应为含 \"phys\" 和 \"length\" 的条目列表");
    }
    DmaDirection direction = direction(scope, arguments);
    boolean skipSync = skipsSync(scope, arguments);
    return () -> mapped(scope.dma().mapSg(device, entries, direction, skipSync));
  }

  /** The first of several keys that is there, else the first of all. */
  private static String first(Arguments entry, String... keys) {
    for (String key : keys) {
      if (entry.has(key)) {
        return key;
      }
    }
    return keys[0];
  }

  private static Outcome mapped(SgMapping mapping) {
    if (mapping.status().failed()) {
      return Outcome.of(mapping.status());
    }
    var sg = new ArrayList<Map<String, Object>>();
    for (SgMapping.Segment segment : mapping.segments()) {
      // Map.of() has another order in every run of the program.
      sg.add(new TreeMap<>(Map.of("dma_address", segment.address(), "length", segment.length())));
    }
    long first = mapping.segments().getFirst().address();
    return Outcome.value(mapping.segments().size(), Map.of("dma_addr", first, "sg", sg));
  }

  private static List<SgMapping.Segment> list(Scope scope, DmaDevice device, Arguments arguments)
      throws Complaint {
    List<SgMapping.Segment> segments = scope.dma().mappedList(device, arguments.number("addr"));
    if (segments.isEmpty()) {
      throw arguments.wrong(
          "addr",
          "must be that of the first segment that dma_map_sg gave this device",
          "必须是 dma_map_sg 给该设备的第一个段的地址");
    }
    return segments;
  }

  private static Function.Work unmapList(Scope scope, Arguments arguments) throws Complaint {
    DmaDevice device = scope.dmaDevice(arguments);
    List<SgMapping.Segment> segments = list(scope, device, arguments);
    DmaDirection direction = direction(scope, arguments);
    return () -> Outcome.of(scope.dma().unmapSg(device, segments, direction));
  }

  private static Function syncList(String name, String does, boolean forDevice) {
    return Function.of(
        name,
        does,
        (scope, arguments) -> {
          DmaDevice device = scope.dmaDevice(arguments);
          List<SgMapping.Segment> segments = list(scope, device, arguments);
          DmaDirection direction = direction(scope, arguments);
          return () -> Outcome.of(scope.dma().syncSg(device, segments, direction, forDevice));
        },
        DEVICE,
        ADDRESS,
        ENTRIES,
        DIRECTION);
  }

  // ---- memory -----------------------------------------------------------------------------------

  private static List<Function> memory() {
    Function allocate =
        Function.of(
                "dma_alloc_coherent",
                "Gives memory that CPU and device share.",
                DmaFunctions::allocCoherent,
                DEVICE,
                SIZE,
                FLAGS,
                PLACE,
                ATTRIBUTES)
            .answers("`dma_handle`, `cpu_addr`, `phys`, `frames`");
    Function free =
        Function.of(
            "dma_free_coherent",
            "Takes such memory back, found by either of its addresses.",
            DmaFunctions::freeCoherent,
            DEVICE,
            Parameter.of(Field.expression("size")),
            Parameter.of(Field.expression("cpu_addr")),
            Parameter.of(Field.expression("dma_handle"), "handle"),
            ATTRIBUTES);
    Function kmalloc =
        Function.of(
                "kmalloc",
                "Gives a driver a buffer of whole pages.",
                (scope, arguments) -> kmalloc(scope, arguments, false),
                SIZE,
                FLAGS,
                PLACE)
            .answers("`phys`, `cpu_addr`");
    return List.of(
        allocate,
        allocate.as("dma_alloc_attrs"),
        free,
        free.as("dma_free_attrs"),
        kmalloc,
        Function.of(
                "kzalloc",
                "Gives a driver a buffer of zeros.",
                (scope, arguments) -> kmalloc(scope, arguments, true),
                SIZE,
                FLAGS,
                PLACE)
            .answers("`phys`, `cpu_addr`"),
        Function.of("kfree", "Takes such a buffer back.", DmaFunctions::kfree, BUFFER));
  }

  private static Function.Work allocCoherent(Scope scope, Arguments arguments) throws Complaint {
    DmaDevice device = scope.dmaDevice(arguments);
    long size = arguments.number("size");
    boolean mayBlock = !arguments.textOr("gfp", "GFP_KERNEL").equals("GFP_ATOMIC");
    long phys = place(arguments);
    return () -> {
      CoherentBuffer buffer = scope.dma().allocCoherent(device, size, mayBlock, phys);
      if (buffer.status().failed()) {
        return Outcome.of(buffer.status());
      }
      var out = new LinkedHashMap<String, Object>();
      out.put("dma_handle", buffer.handle());
      out.put("cpu_addr", buffer.cpuAddress());
      out.put("phys", buffer.frames().getFirst());
      out.put("frames", buffer.frames());
      return Outcome.value(buffer.handle(), out);
    };
  }

  private static Function.Work freeCoherent(Scope scope, Arguments arguments) throws Complaint {
    DmaDevice device = scope.dmaDevice(arguments);
    long cpuAddress = arguments.numberOr("cpu_addr", 0);
    long handle =
        arguments.has("cpu_addr")
            ? arguments.numberOr("dma_handle", DmaMapping.ERROR)
            : arguments.number("dma_handle");
    return () -> Outcome.of(scope.dma().freeCoherent(device, cpuAddress, handle));
  }

  private static Function.Work kmalloc(Scope scope, Arguments arguments, boolean zeroed)
      throws Complaint {
    long size = arguments.number("size");
    long phys = place(arguments);
    if (size <= 0) {
      throw arguments.wrong("size", "must be above 0", "必须大于 0");
    }
    return () -> {
      KernelBuffers.Buffer buffer = scope.dma().buffers().kmalloc(size, phys, zeroed);
      return buffer.status().failed()
          ? Outcome.of(buffer.status())
          : Outcome.value(
              buffer.address(), Map.of("phys", buffer.phys(), "cpu_addr", buffer.address()));
    };
  }

  private static Function.Work kfree(Scope scope, Arguments arguments) throws Complaint {
    long address = arguments.number("ptr");
    KernelBuffers buffers = scope.dma().buffers();
    if (!buffers.holds(address)) {
      throw arguments.wrong("ptr", "must be an address that kmalloc gave", "必须是 kmalloc 给出的地址");
    }
    return () -> Outcome.of(buffers.kfree(address));
  }
}
