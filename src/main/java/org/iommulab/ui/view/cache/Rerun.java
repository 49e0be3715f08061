package org.iommulab.ui.view.cache;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.script.Script;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.config.CacheGeometry;

/** The same commands once more on a machine whose unit has a cache of another shape. */
final class Rerun {

  private Rerun() {}

  /** Runs on the laboratory's thread; if a command is refused now, all is as it was. */
  static Result with(Laboratory lab, CacheLine.Cache cache, CacheGeometry shape) {
    Script before = lab.toScript("session");
    Result result = lab.load(new Script("session", commands(before.commands(), cache, shape)));
    if (result instanceof Result.Refused) {
      lab.load(before);
    }
    return result;
  }

  /** With every machine line changed; one is put in front if there is none. */
  static List<Command> commands(List<Command> before, CacheLine.Cache cache, CacheGeometry shape) {
    var after = new ArrayList<Command>();
    if (before.isEmpty() || !(before.getFirst() instanceof Command.StartMachine)) {
      // What a session begins with by itself.
      after.add(machine(Map.of("board", "laboratory"), cache, shape));
    }
    for (Command command : before) {
      after.add(
          command instanceof Command.StartMachine start
              ? machine(start.keys(), cache, shape)
              : command);
    }
    return after;
  }

  private static Command machine(
      Map<String, Object> keys, CacheLine.Cache cache, CacheGeometry shape) {
    var changed = new LinkedHashMap<>(keys);
    changed.put(key(cache), value(shape));
    return new Command.StartMachine(changed);
  }

  /** The key of a machine line. */
  private static String key(CacheLine.Cache cache) {
    return switch (cache) {
      case IOTLB -> "iotlb";
      case CONTEXT -> "context_cache";
      case PASID -> "pasid_cache";
      case PAGING_STRUCTURE -> "paging_cache";
      case INTERRUPT_ENTRY -> "interrupt_cache";
    };
  }

  private static Object value(CacheGeometry shape) {
    if (shape.isNone()) {
      return "none";
    }
    if (shape.isUnbounded()) {
      return "unbounded";
    }
    var value = new LinkedHashMap<String, Object>();
    value.put("sets", (long) shape.sets());
    value.put("ways", (long) shape.ways());
    value.put("policy", word(shape.policy()));
    return value;
  }

  private static String word(CacheGeometry.Policy policy) {
    return switch (policy) {
      case LEAST_RECENTLY_USED -> "lru";
      case TREE_PSEUDO_LRU -> "plru";
      case FIRST_IN_FIRST_OUT -> "fifo";
      case RANDOM -> "random";
      case UNBOUNDED, EMPTY_WHEN_FULL ->
          throw new IllegalArgumentException("machine lines have no word for " + policy);
    };
  }
}
