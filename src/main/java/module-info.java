/** IOMMU Lab: a VT-d unit, a Linux-like kernel above it, and the views that show both. */
@org.jspecify.annotations.NullMarked
module org.iommulab {
  requires static org.jspecify;
  requires javafx.controls;
  requires org.controlsfx.controls;
  requires org.kordamp.ikonli.core;
  requires org.kordamp.ikonli.javafx;
  requires org.kordamp.ikonli.materialdesign2;
  requires atlantafx.base;
  requires com.google.guice;
  requires jakarta.inject;
  // An automatic Guice does not pull in an explicit Guava.
  requires com.google.common;
  requires tools.jackson.core;
  requires tools.jackson.databind;
  requires tools.jackson.dataformat.yaml;
  requires org.tukaani.xz;
  requires aircompressor.v3;
  requires info.picocli;
  requires org.commonmark;
  requires org.commonmark.ext.gfm.tables;
  requires org.snakeyaml.engine;

  exports org.iommulab.app;

  opens org.iommulab.cli to
      info.picocli;
  opens org.iommulab.ui to
      com.google.guice;
  opens org.iommulab.app to
      com.google.guice,
      info.picocli;
  opens org.iommulab.ui.casefile to
      com.google.guice;
  opens org.iommulab.ui.action to
      com.google.guice;
  opens org.iommulab.ui.advisor to
      com.google.guice;
  opens org.iommulab.ui.busy to
      com.google.guice;
  opens org.iommulab.ui.bench to
      com.google.guice;
  opens org.iommulab.ui.export to
      com.google.guice;
  opens org.iommulab.ui.form to
      com.google.guice;
  opens org.iommulab.ui.live to
      com.google.guice;
  opens org.iommulab.ui.file to
      com.google.guice;
  opens org.iommulab.ui.journal to
      com.google.guice;
  opens org.iommulab.ui.player to
      com.google.guice;
  opens org.iommulab.ui.program to
      com.google.guice;
  opens org.iommulab.ui.record to
      com.google.guice;
  opens org.iommulab.ui.practice to
      com.google.guice;
  opens org.iommulab.ui.editor to
      com.google.guice;
  opens org.iommulab.ui.learn to
      com.google.guice;
  opens org.iommulab.ui.stage to
      com.google.guice;
  opens org.iommulab.ui.settings to
      com.google.guice;
  opens org.iommulab.ui.workbench to
      com.google.guice;
  opens org.iommulab.ui.view to
      com.google.guice;
  opens org.iommulab.ui.view.cache to
      com.google.guice;
  opens org.iommulab.ui.view.calls to
      com.google.guice;
  opens org.iommulab.ui.view.context to
      com.google.guice;
  opens org.iommulab.ui.view.faults to
      com.google.guice;
  opens org.iommulab.ui.view.inspector to
      com.google.guice;
  opens org.iommulab.ui.view.interrupt to
      com.google.guice;
  opens org.iommulab.ui.view.kernel to
      com.google.guice;
  opens org.iommulab.ui.view.map to
      com.google.guice;
  opens org.iommulab.ui.view.memory to
      com.google.guice;
  opens org.iommulab.ui.view.pagerequest to
      com.google.guice;
  opens org.iommulab.ui.view.path to
      com.google.guice;
  opens org.iommulab.ui.view.queue to
      com.google.guice;
  opens org.iommulab.ui.view.ranges to
      com.google.guice;
  opens org.iommulab.ui.view.registers to
      com.google.guice;
  opens org.iommulab.ui.view.tree to
      com.google.guice;
}
