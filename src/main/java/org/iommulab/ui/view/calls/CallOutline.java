package org.iommulab.ui.view.calls;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.iommulab.trace.CallFrame;
import org.iommulab.ui.view.part.OutlineRow.Branch;

/**
 * Lays a call tree out as rows. Neighbours of the same shape (same functions all the way down, same
 * errors) are folded from {@link #FOLD_FROM} on; frames are open and folds closed until the reader
 * toggles them.
 */
final class CallOutline {

  /** Shortest run of equal neighbours that is folded. */
  static final int FOLD_FROM = 4;

  private final List<CallFrame> roots;
  private final Set<String> toggled;
  private final Map<CallFrame, Integer> shapes = new IdentityHashMap<>();
  private final List<CallRow> rows = new ArrayList<>();

  private CallOutline(List<CallFrame> roots, Set<String> toggled) {
    this.roots = roots;
    this.toggled = toggled;
  }

  /** The visible rows of the tree; {@code toggled} holds the keys that are not as they start. */
  static List<CallRow> rows(List<CallFrame> roots, Set<String> toggled) {
    var outline = new CallOutline(roots, toggled);
    outline.add(outline.roots, "", 0);
    return List.copyOf(outline.rows);
  }

  /** Number of frames that raised an error themselves. */
  static int errors(List<CallFrame> frames) {
    int errors = 0;
    for (CallFrame frame : frames) {
      errors += (raises(frame) ? 1 : 0) + errors(frame.children());
    }
    return errors;
  }

  /** Tells whether the frame failed by itself and not because something it called did. */
  static boolean raises(CallFrame frame) {
    return frame.errno() != null
        && frame.children().stream()
            .noneMatch(child -> Objects.equals(child.errno(), frame.errno()));
  }

  private void add(List<CallFrame> frames, String parent, int depth) {
    for (int i = 0; i < frames.size(); ) {
      int end = i + 1;
      while (end < frames.size() && sameShape(frames.get(i), frames.get(end))) {
        end++;
      }
      if (end - i >= FOLD_FROM) {
        addFold(frames.subList(i, end), i, parent, depth);
      } else {
        for (int k = i; k < end; k++) {
          addFrame(frames.get(k), parent + k, depth);
        }
      }
      i = end;
    }
  }

  private void addFold(List<CallFrame> run, int from, String parent, int depth) {
    String key = parent + from + "f";
    CallFrame first = run.getFirst();
    boolean open = toggled.contains(key);
    Branch branch = open ? Branch.OPEN : Branch.CLOSED;
    rows.add(new CallRow(key, depth, branch, first, run.size(), raises(first)));
    for (int k = 0; open && k < run.size(); k++) {
      addFrame(run.get(k), parent + (from + k), depth + 1);
    }
  }

  private void addFrame(CallFrame frame, String key, int depth) {
    boolean leaf = frame.children().isEmpty();
    boolean open = !toggled.contains(key);
    Branch branch = leaf ? Branch.NONE : open ? Branch.OPEN : Branch.CLOSED;
    rows.add(new CallRow(key, depth, branch, frame, 1, raises(frame)));
    if (open && !leaf) {
      add(frame.children(), key + "-", depth + 1);
    }
  }

  private boolean sameShape(CallFrame a, CallFrame b) {
    return shape(a) == shape(b);
  }

  private int shape(CallFrame frame) {
    Integer known = shapes.get(frame);
    if (known == null) {
      int hash = 31 * frame.function().hashCode() + Objects.hashCode(frame.errno());
      for (CallFrame child : frame.children()) {
        hash = 31 * hash + shape(child);
      }
      known = hash;
      shapes.put(frame, known);
    }
    return known;
  }
}
