package org.iommulab.evidence.kind;

/** What a file can be. */
public enum Kind {
  ELF_CORE("an ELF core"),
  LIME_IMAGE("a LiME memory image"),
  KDUMP("a compressed kdump"),
  GZIP("a gzip file"),
  XZ("an xz file"),
  TAR("a tar archive"),
  ZIP("a zip archive"),
  DMAR_TABLE("a DMAR table"),
  TABLE_TEXT("a DMAR table as text"),
  DEBUGFS("a debugfs text of intel-iommu"),
  QEMU_TRACE("a QEMU trace"),
  FTRACE("an ftrace text"),
  KERNEL_LOG("a kernel log"),
  LSPCI("a list of PCI devices"),
  IOMEM("a map of physical memory"),
  COMMAND_LINE("a kernel command line"),
  GROUPS("a list of IOMMU groups"),
  INTERRUPTS("a list of interrupts"),
  KERNEL_CONFIG("a kernel configuration"),
  REGISTERS("a register dump"),
  SCRIPT("a script of this laboratory"),
  JOURNAL("a journal of this laboratory"),
  JSON("a JSON text"),
  TEXT("a text"),
  EMPTY("an empty file"),
  BINARY("a binary file");

  private final String words;

  Kind(String words) {
    this.words = words;
  }

  /** For a sentence: "it looks like …". */
  public String words() {
    return words;
  }

  /** True for what is read line by line. */
  public boolean isText() {
    return switch (this) {
      case TABLE_TEXT,
          DEBUGFS,
          QEMU_TRACE,
          FTRACE,
          KERNEL_LOG,
          LSPCI,
          IOMEM,
          COMMAND_LINE,
          GROUPS,
          INTERRUPTS,
          KERNEL_CONFIG,
          SCRIPT,
          JOURNAL,
          JSON,
          TEXT ->
          true;
      case ELF_CORE, LIME_IMAGE, KDUMP, GZIP, XZ, TAR, ZIP, DMAR_TABLE, REGISTERS, EMPTY, BINARY ->
          false;
    };
  }
}
