package org.iommulab.course.mend;

import java.util.List;

/** How many lines of a script were changed: one that was replaced counts once. */
final class LineCount {

  private LineCount() {}

  static int of(List<String> before, List<String> after) {
    int[][] changed = new int[before.size() + 1][after.size() + 1];
    for (int i = 0; i <= before.size(); i++) {
      for (int j = 0; j <= after.size(); j++) {
        if (i == 0 || j == 0) {
          changed[i][j] = i + j;
        } else if (before.get(i - 1).equals(after.get(j - 1))) {
          changed[i][j] = changed[i - 1][j - 1];
        } else {
          int one = Math.min(changed[i - 1][j], changed[i][j - 1]);
          changed[i][j] = 1 + Math.min(one, changed[i - 1][j - 1]);
        }
      }
    }
    return changed[before.size()][after.size()];
  }
}
