package org.iommulab.course.mend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A change of a script.
 *
 * @param at line before which it starts, counted from 0
 * @param drop lines that go
 * @param put lines that come instead
 */
record Edit(int at, int drop, List<String> put) {

  Edit {
    put = List.copyOf(put);
  }

  /** The lines after some changes, all of them counted in the lines before. */
  static List<String> apply(List<String> lines, List<Edit> edits) {
    var changed = new ArrayList<>(lines);
    for (Edit edit : edits.stream().sorted(Comparator.comparingInt(Edit::at).reversed()).toList()) {
      changed.subList(edit.at(), edit.at() + edit.drop()).clear();
      changed.addAll(edit.at(), edit.put());
    }
    return changed;
  }
}
