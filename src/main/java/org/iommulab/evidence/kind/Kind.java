package org.iommulab.evidence.kind;

import org.iommulab.words.Bilingual;

/** What a file can be. */
public enum Kind {
  ELF_CORE("an ELF core", "ELF 核心转储"),
  LIME_IMAGE("a LiME memory image", "LiME 内存映像"),
  KDUMP("a compressed kdump", "压缩的 kdump"),
  GZIP("a gzip file", "gzip 文件"),
  XZ("an xz file", "xz 文件"),
  TAR("a tar archive", "tar 归档"),
  ZIP("a zip archive", "zip 归档"),
  DMAR_TABLE("a DMAR table", "DMAR 表"),
  TABLE_TEXT("a DMAR table as text", "文本形式的 DMAR 表"),
  DEBUGFS("a debugfs text of intel-iommu", "intel-iommu 的 debugfs 文本"),
  QEMU_TRACE("a QEMU trace", "QEMU 跟踪"),
  FTRACE("an ftrace text", "ftrace 文本"),
  KERNEL_LOG("a kernel log", "内核日志"),
  LSPCI("a list of PCI devices", "PCI 设备列表"),
  IOMEM("a map of physical memory", "物理内存布局"),
  COMMAND_LINE("a kernel command line", "内核命令行"),
  GROUPS("a list of IOMMU groups", "IOMMU 组列表"),
  INTERRUPTS("a list of interrupts", "中断列表"),
  KERNEL_CONFIG("a kernel configuration", "内核配置"),
  REGISTERS("a register dump", "寄存器转储"),
  SCRIPT("a script of this laboratory", "本实验室的脚本"),
  JOURNAL("a journal of this laboratory", "本实验室的日志"),
  JSON("a JSON text", "JSON 文本"),
  TEXT("a text", "文本"),
  EMPTY("an empty file", "空文件"),
  BINARY("a binary file", "二进制文件");

  private final Bilingual words;

  Kind(String english, String chinese) {
    words = new Bilingual(english, chinese);
  }

  /** For a sentence: "it looks like …". */
  public Bilingual words() {
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
