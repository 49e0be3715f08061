package org.iommulab.lab.run.process;

import java.util.ArrayList;
import java.util.Map;
import org.iommulab.lab.language.BootFields;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.lab.run.state.Names;
import org.iommulab.linux.process.MemoryOptions;

/** Reads the options of {@code user.alloc}. */
final class MemoryKeys {

  private static final long HUGE = 2L << 20;
  private static final long GIGANTIC = 1L << 30;

  private MemoryKeys() {}

  static MemoryOptions options(Map<String, Object> from, Names names) throws Complaint {
    Arguments options = Arguments.of("user.alloc", from, names, BootFields.USER_ALLOC);
    MemoryOptions memory = MemoryOptions.PLAIN;
    memory = memory.withPageSize(pageSize(options));
    if (options.flag("readonly")) {
      memory = memory.asReadOnly();
    }
    if (options.flag("scattered")) {
      memory = memory.asScattered();
    }
    if (options.flag("lazy")) {
      memory = memory.asLazy();
    }
    if (options.has("at")) {
      memory = memory.at(options.number("at"));
    }
    var holes = new ArrayList<MemoryOptions.Hole>();
    for (Arguments hole : options.list("hole", BootFields.HOLE)) {
      holes.add(new MemoryOptions.Hole(hole.number("offset"), hole.number("len")));
    }
    var frames = new ArrayList<MemoryOptions.Frames>();
    for (Arguments run : options.list("frames", BootFields.FRAMES)) {
      frames.add(new MemoryOptions.Frames(run.number("first"), run.numberOr("count", 1)));
    }
    return memory.withHoles(holes).onFrames(frames);
  }

  private static long pageSize(Arguments options) throws Complaint {
    Object wanted = options.has("hugepage") ? options.value("hugepage") : Boolean.FALSE;
    return switch (String.valueOf(wanted)) {
      case "false" -> 4096;
      case "true", "2M" -> HUGE;
      case "1G" -> GIGANTIC;
      default ->
          throw options.wrong(
              "hugepage", "must be true, \"2M\" or \"1G\"", "必须是 true、\"2M\" 或 \"1G\"");
    };
  }
}
