package org.iommulab.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.iommulab.memory.FrameSource;

/**
 * Memory that notes who comes for its frames: the classes of the program on the way there, each
 * once for every visit.
 */
final class Finger implements FrameSource {

  private static final String ROOT = "org.iommulab.";
  private static final int QUADWORDS = 512;

  /**
   * One visit.
   *
   * @param pfn the frame
   * @param writes whether it is to be written
   * @param way classes from the outermost to memory, without {@code org.iommulab.}
   */
  record Visit(long pfn, boolean writes, List<String> way) {}

  private final Map<Long, long[]> frames = new HashMap<>();
  private final List<Visit> visits = new ArrayList<>();

  @Override
  public long[] frame(long pfn) {
    return visited(pfn, false);
  }

  @Override
  public long[] frameForWrite(long pfn) {
    return visited(pfn, true);
  }

  private long[] visited(long pfn, boolean writes) {
    visits.add(new Visit(pfn, writes, way()));
    return frames.computeIfAbsent(pfn, number -> new long[QUADWORDS]);
  }

  private static List<String> way() {
    List<String> names =
        StackWalker.getInstance()
            .walk(
                stack ->
                    stack
                        .map(StackWalker.StackFrame::getClassName)
                        .filter(name -> name.startsWith(ROOT))
                        .map(name -> name.substring(ROOT.length()).replaceAll("\\$.*", ""))
                        .filter(name -> !name.startsWith("architecture."))
                        .toList());
    var way = new ArrayList<String>();
    for (String name : names.reversed()) {
      if (way.isEmpty() || !way.getLast().equals(name)) {
        way.add(name);
      }
    }
    return way;
  }

  /** Forgets what came before. */
  void lift() {
    visits.clear();
  }

  /** The way of the last who came for a frame, to read or to write it. */
  List<String> lastTo(long pfn, boolean writes) {
    return visits.reversed().stream()
        .filter(visit -> visit.pfn() == pfn && visit.writes() == writes)
        .findFirst()
        .orElseThrow()
        .way();
  }

  /** The frame with such a quadword; there must be one only. */
  long holding(LongPredicate wanted) {
    List<Long> found =
        frames.entrySet().stream()
            .filter(each -> Arrays.stream(each.getValue()).anyMatch(wanted))
            .map(Map.Entry::getKey)
            .toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }
}
