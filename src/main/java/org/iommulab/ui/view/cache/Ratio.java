package org.iommulab.ui.view.cache;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.request.UnitCounters;
import org.jspecify.annotations.Nullable;

/**
 * One quantity per another over time.
 *
 * @param over numerator
 * @param under denominator
 * @param window how many commands back a point looks; 0 for all
 */
record Ratio(Quantity over, Quantity under, int window) {

  /**
   * What a unit had counted after a command.
   *
   * @param command its number, from 0
   * @param counters since reset
   */
  record Counted(int command, UnitCounters counters) {}

  /**
   * A point of the line.
   *
   * @param command number of the command, from 0
   * @param value the ratio over the window that ends with it
   */
  record Point(int command, double value) {}

  /**
   * The points where the denominator grew within the window.
   *
   * @param samples in order; a reset in between starts counting from nothing and loses nothing
   */
  List<Point> points(List<Counted> samples, CacheLine.@Nullable Cache cache) {
    long[] overSums = sums(samples, over, cache);
    long[] underSums = sums(samples, under, cache);
    var points = new ArrayList<Point>();
    int from = 0;
    for (int i = 0; i < samples.size(); i++) {
      int command = samples.get(i).command();
      while (window > 0 && samples.get(from).command() <= command - window) {
        from++;
      }
      // The sample before the window is where its counting begins.
      long over0 = window == 0 || from == 0 ? 0 : overSums[from - 1];
      long under0 = window == 0 || from == 0 ? 0 : underSums[from - 1];
      if (underSums[i] > under0) {
        points.add(new Point(command, (double) (overSums[i] - over0) / (underSums[i] - under0)));
      }
    }
    return points;
  }

  private static long[] sums(
      List<Counted> samples, Quantity quantity, CacheLine.@Nullable Cache cache) {
    var sums = new long[samples.size()];
    long before = 0;
    long sum = 0;
    for (int i = 0; i < sums.length; i++) {
      if (quantity == Quantity.COMMANDS) {
        sums[i] = samples.get(i).command() + 1L;
        continue;
      }
      long now = quantity.of(samples.get(i).counters(), cache);
      sum += now < before ? now : now - before;
      before = now;
      sums[i] = sum;
    }
    return sums;
  }
}
