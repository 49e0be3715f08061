package org.iommulab.lab.run.call;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Nearest;

/** The table of functions that scripts call by name: documentation and completion read it too. */
public final class Functions {

  private static final Map<String, List<Function>> CHAPTERS = chapters();
  private static final Map<String, Function> ALL = new LinkedHashMap<>();
  private static final Map<String, Function> OF_ANY_KERNEL = new LinkedHashMap<>();

  static {
    CHAPTERS.forEach(
        (chapter, functions) ->
            functions.forEach(
                function -> {
                  ALL.put(function.name(), function);
                  if (!chapter.equals("vmm")) {
                    OF_ANY_KERNEL.put(function.name(), function);
                  }
                }));
  }

  private Functions() {}

  private static Map<String, List<Function>> chapters() {
    var chapters = new LinkedHashMap<String, List<Function>>();
    chapters.put("vmm", VmmFunctions.all());
    chapters.put("iommu", IommuFunctions.all());
    chapters.put("dma", DmaFunctions.all());
    chapters.put("interrupts", InterruptFunctions.all());
    chapters.put("sharing", SharingFunctions.all());
    return chapters;
  }

  /** The functions of each chapter of the documentation. */
  public static Map<String, List<Function>> byChapter() {
    return new LinkedHashMap<>(CHAPTERS);
  }

  /** The function of that name. */
  public static Optional<Function> named(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  static Function called(String name) throws Complaint {
    return found(name, ALL);
  }

  /** A function that every kernel has, a guest's too. */
  static Function ofAnyKernel(String name) throws Complaint {
    return found(name, OF_ANY_KERNEL);
  }

  private static Function found(String name, Map<String, Function> known) throws Complaint {
    Function function = known.get(name);
    if (function == null) {
      throw new Complaint(
          "the kernel has no function %s to call%s",
          "内核没有可调用的函数 %s%s", name, Nearest.hint(name, known.keySet()));
    }
    return function;
  }
}
