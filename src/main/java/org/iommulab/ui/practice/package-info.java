/**
 * Exercises and broken drivers in the window: drawn, answered or mended, and judged. May import
 * {@code ui}, {@code ui.action}, {@code ui.advisor}, {@code ui.busy}, {@code ui.learn}, {@code
 * ui.player}, {@code ui.prose}, {@code ui.settings}, {@code ui.stage}, {@code ui.view.part}, {@code
 * course.exercise}, {@code course.mend}, {@code lab..} and {@code words}.
 */
package org.iommulab.ui.practice;
