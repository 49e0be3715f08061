package org.iommulab.course.exercise;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** The kinds of exercises, each drawn by a seed. */
public final class Exercises {

  private static final Map<String, LongFunction<Exercise>> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("translate", TableExercises::translate);
    KINDS.put("faulting-entry", TableExercises::faultingEntry);
    KINDS.put("requester", TableExercises::requester);
    KINDS.put("build-entry", TableExercises::buildEntry);
    KINDS.put("read-entry", TableExercises::readContext);
    KINDS.put("survivors", TableExercises::survivors);
    KINDS.put("fault-record", TableExercises::faultRecord);
    KINDS.put("does-it-pass", TableExercises::stillPasses);
    KINDS.put("largest-pages", KernelExercises::largestPages);
    KINDS.put("descriptor", KernelExercises::descriptor);
    KINDS.put("kernel-line", KernelExercises::kernelLine);
    KINDS.put("next-iova", KernelExercises::nextIova);
    KINDS.put("slots", KernelExercises::slots);
    KINDS.put("boot-line", KernelExercises::bootLine);
    KINDS.put("group", KernelExercises::groups);
    KINDS.put("chain", KernelExercises::chain);
  }

  private Exercises() {}

  /** Names of all kinds. */
  public static List<String> kinds() {
    return List.copyOf(KINDS.keySet());
  }

  /** An exercise of a kind; the same seed gives the same exercise. */
  public static Exercise draw(String kind, long seed) {
    LongFunction<Exercise> maker = KINDS.get(kind);
    if (maker == null) {
      throw new IllegalArgumentException("no kind " + kind);
    }
    return maker.apply(seed);
  }

  /** Several of a kind, from seeds that follow from one. */
  public static List<Exercise> draw(String kind, long seed, int count) {
    var drawn = new ArrayList<Exercise>();
    for (int i = 0; i < count; i++) {
      drawn.add(draw(kind, seed * 1_000_003L + i));
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
