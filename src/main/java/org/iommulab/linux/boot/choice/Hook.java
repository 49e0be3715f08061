package org.iommulab.linux.boot.choice;

/**
 * One provider of DMA that is asked at boot.
 *
 * @param detect the function that looks for it
 * @param depends the function that must be asked before, empty for none
 * @param finishes the search ends if it is there
 * @param detected it is there; false also if the search ended before it
 */
public record Hook(String detect, String depends, boolean finishes, boolean detected) {

  Hook found(boolean there) {
    return new Hook(detect, depends, finishes, there);
  }
}
