package org.iommulab.app;

/** Starts the command line or the desktop. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("IOMMU Lab");
  }
}
