/**
 * Exercises and broken drivers in the window: drawn, answered or mended, and judged. May import
 * {@code ui}, {@code ui.advisor}, {@code ui.learn}, {@code ui.player}, {@code ui.prose}, {@code
 * ui.settings}, {@code ui.stage} and the course below.
 */
package org.iommulab.ui.practice;
