package org.iommulab.linux.process;

/** An open file made of pages that devices can be shown, such as a {@code memfd}. */
public abstract class PagesFile extends OpenFile {

  /** A file opened under that path, with one reference. */
  protected PagesFile(String path) {
    super(path);
  }

  /** Its pages, as an address space of their own. */
  public abstract UserPages memory();

  /** Where in {@link #memory} a byte of the file lies. */
  public abstract long address(long offset);
}
