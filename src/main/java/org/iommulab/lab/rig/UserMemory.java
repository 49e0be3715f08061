package org.iommulab.lab.rig;

import java.util.ArrayList;
import java.util.Map;
import org.iommulab.lab.script.Complaint;
import org.iommulab.linux.process.MemoryOptions;

/** Reads the options of {@code user.alloc}. */
final class UserMemory {

  private static final long HUGE = 2L << 20;
  private static final long GIGANTIC = 1L << 30;

  private UserMemory() {}

  static MemoryOptions options(Map<String, Object> from, Names names) throws Complaint {
    var options = new Options("user.alloc", from, names);
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
    for (Options hole : options.list("hole")) {
      holes.add(new MemoryOptions.Hole(hole.number("offset"), hole.number("len")));
      hole.done();
    }
    var frames = new ArrayList<MemoryOptions.Frames>();
    for (Options run : options.list("frames")) {
      frames.add(new MemoryOptions.Frames(run.number("first"), run.numberOr("count", 1)));
      run.done();
    }
    options.done();
    return memory.withHoles(holes).onFrames(frames);
  }

  private static long pageSize(Options options) throws Complaint {
    if (!options.has("hugepage")) {
      return 4096;
    }
    try {
      return options.flag("hugepage") ? HUGE : 4096;
    } catch (Complaint notAFlag) {
      return switch (options.text("hugepage")) {
        case "2M" -> HUGE;
        case "1G" -> GIGANTIC;
        default -> throw new Complaint("user.alloc, \"hugepage\" must be true, \"2M\" or \"1G\"");
      };
    }
  }
}
