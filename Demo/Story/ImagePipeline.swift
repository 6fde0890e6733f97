/// The configuration that the demo runs: config/image-pipeline.yml, word for word (a test compares them).
package enum ImagePipeline {
    /// The file's text.
    package static let text = #"""
        # The asynchronous image pipeline: a request goes out, the run waits, a callback comes in, the run goes on.
        # `make demo` runs it against two services of its own, with free ports in place of these.

        controller:
          adapter:
            type: http-server
            host: 127.0.0.1
            port: 8088

        gateway:
          type: public
          url: http://127.0.0.1:8090
          port: 8090                          # Same as listener port

        listener:
          type: http-callback
          host: 0.0.0.0
          port: 8090
          base_path: /webhooks
          max_concurrent_count: 5
          callbacks:
            - path: /image/completed
              method: POST
              identify_by: ${body.task_id}
              status: ${body.status}
              success_when: ["completed", "success"]
              fail_when: ["failed", "error"]
              result:
                url: ${body.output.url}
                width: ${body.output.width}
                height: ${body.output.height}

        components:
          image-generator:
            type: http-client
            base_url: http://127.0.0.1:9101/v1
            path: /generate
            method: POST
            headers:
              Authorization: Bearer ${env.IMAGE_AI_KEY}
            body:
              prompt: ${input.prompt}
              size: ${input.size | "1024x1024"}
              # Gateway public URL + listener path
              callback_url: ${gateway:8090.public_url}/webhooks/image/completed
              task_id: ${context.run_id}
            output:
              task_id: ${response.task_id}
              status: ${response.status}

          image-optimizer:
            type: http-client
            base_url: http://127.0.0.1:9102
            path: /optimize
            method: POST
            headers:
              Authorization: Bearer ${env.IMAGEOPTIM_KEY}
            body:
              url: ${input.url}
              quality: 85
            output:
              optimized_url: ${response.url}
              original_size: ${response.original_size}
              compressed_size: ${response.compressed_size}

        workflow:
          title: Image Generation and Optimization
          description: Generate image with AI and optimize it
          jobs:
            # Step 1: AI image generation (async)
            - id: generate
              component: image-generator
              input:
                prompt: ${input.prompt}
                size: ${input.size}
              output:
                task_id: ${output.task_id}
                image_url: ${output.url}        # URL from callback
                width: ${output.width}
                height: ${output.height}

            # Step 2: Image optimization (sync)
            - id: optimize
              component: image-optimizer
              input:
                url: ${jobs.generate.output.image_url}
              output:
                final_url: ${output.optimized_url}
                original_size: ${output.original_size}
                compressed_size: ${output.compressed_size}
                savings: ${output.original_size - output.compressed_size}

        """#
}
