package org.iommulab.memory;

/**
 * Pages that have to be fetched one by one: those of a compressed dump, or of a machine that runs
 * elsewhere. Asked once for each frame, when it is first touched.
 */
@FunctionalInterface
public interface PageLoader {

  /**
   * Fetches a page.
   *
   * @param pfn physical address divided by 4096
   * @param frame its 512 quadwords, all zero; to be filled
   * @return false if the page cannot be had: nothing is there then
   */
  boolean load(long pfn, long[] frame);
}
